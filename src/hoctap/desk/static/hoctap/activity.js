// Of the figures a form may ask for, only those of the chosen kind; what is typed is never hidden.
const kind = document.querySelector("select[name=kind]");
function show() {
  document.querySelectorAll("[data-asked]").forEach((part) => {
    const asked = part.dataset.asked.split(" ").includes(kind.value);
    part.hidden = !asked && !part.querySelector("input").value;
  });
}
if (kind) {
  kind.addEventListener("change", show);
  show();
}
