// Says once that the page was opened; reading alone never writes.
const holder = document.querySelector("[data-seen]");
if (holder) {
  const form = new FormData();
  form.append("csrfmiddlewaretoken", holder.querySelector("[name=csrfmiddlewaretoken]").value);
  navigator.sendBeacon(holder.dataset.seen, form);
}
