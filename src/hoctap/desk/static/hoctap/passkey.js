// Passkeys: forms with data-passkey ask the device, put its answer into the hidden field and go on by themselves.
// login = ask the server for a challenge first; get and create = the challenge is in data-options.
const { webauthnJSON } = window;

async function answer(form) {
  const kind = form.dataset.passkey;
  if (kind === "create") {
    const options = JSON.parse(form.dataset.options);
    Object.assign(options.publicKey.authenticatorSelection, {
      residentKey: "required", requireResidentKey: true, userVerification: "required",
    });
    return webauthnJSON.create(options);
  }
  if (kind === "get") return webauthnJSON.get(JSON.parse(form.dataset.options));
  const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`No challenge: ${reply.status}`);
  return webauthnJSON.get((await reply.json()).request_options);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!webauthnJSON?.supported()) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = form.querySelector(".err");
    wrong.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await answer(form));
      form.submit();
    } catch {
      wrong.hidden = false; // refused, timed out or unknown to the device: the person chooses what next
    }
  });
}
