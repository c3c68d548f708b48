// Photos are shrunk on the phone; large files go up in pieces and go on where they broke off.
// import { shrink } from "./upload.js": a photo as a JPEG of at most 1,600 pixels, or the file as it is.

const SIDE = 1600, PIECE = 512 * 1024, SMALL = 300 * 1024;

export async function shrink(file) {
  if (!/^image\//.test(file.type) && !/\.(heic|heif)$/i.test(file.name)) return file;
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const by = Math.min(1, SIDE / Math.max(image.width, image.height));
    if (by === 1 && file.size < SMALL) return file;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(image.width * by), Math.round(image.height * by)];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file; // a kind this browser cannot draw: the server does it
  }
}

/** The files of a field, shrunk, in their place. */
export async function shrinkField(input) {
  const list = new DataTransfer();
  for (const file of input.files) list.items.add(await shrink(file));
  input.files = list.files;
}

// The same file chosen again after a break, a reload or a night is the same upload: its id is made of what it is.
async function tokenOf(file, address) {
  const text = `${address} ${file.name} ${file.size} ${file.lastModified}`;
  const kept = JSON.parse(localStorage.getItem("hoctap:uploads") ?? "{}");
  kept[text] ??= "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
  localStorage.setItem("hoctap:uploads", JSON.stringify(Object.fromEntries(Object.entries(kept).slice(-50))));
  return kept[text];
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const refused = async (answer) => {
  const text = await answer.text();
  return new DOMParser().parseFromString(text, "text/html").body.textContent.trim().replace(/\s+/g, " ").slice(0, 300);
};

/** Resolves once the server has it; a network that goes away is waited for. Throws what the server refuses. */
export async function send(file, address, csrf, told) {
  const head = { "X-CSRFToken": csrf, "HX-Request": "true" };
  const token = await tokenOf(file, address);
  for (let pause = 1000; ; pause = Math.min(30_000, pause * 2)) {
    try {
      const body = new URLSearchParams({ token, name: file.name, size: String(file.size) });
      let answer = await fetch(address, { method: "POST", headers: head, body });
      if (answer.status >= 400 && answer.status < 500) throw new Error(await refused(answer), { cause: "refused" });
      let at = await answer.json();
      while (!at.done) {
        told?.(at.received / file.size);
        const url = at.url ?? `${address}${token}/`;
        answer = await fetch(`${url}?tu=${at.received}`, {
          method: "POST", body: file.slice(at.received, at.received + PIECE), headers: { ...head, "Content-Type": "application/octet-stream" },
        });
        if (answer.status >= 400 && answer.status < 500 && answer.status !== 409) throw new Error(await refused(answer), { cause: "refused" });
        at = await answer.json();
        pause = 1000;
      }
      told?.(1);
      return at;
    } catch (error) {
      if (error.cause === "refused") throw error;
      await wait(pause);
    }
  }
}

// ---- the form of an activity's evidence ----
const form = document.querySelector("form[data-pieces]");
form?.addEventListener("submit", async (event) => {
  const input = form.elements.photos;
  if (!input.files.length) return; // a link alone goes as it stands
  event.preventDefault();
  const line = form.querySelector("[data-progress]"), button = form.querySelector("[type=submit]");
  button.disabled = true;
  line.hidden = false;
  const problems = [];
  let n = 0;
  for (const original of input.files) {
    n += 1;
    const say = (part) => { line.textContent = `${line.dataset.words} ${n}/${input.files.length}: ${Math.round(part * 100)}%`; };
    say(0);
    try { await send(await shrink(original), form.dataset.pieces, form.elements.csrfmiddlewaretoken.value, say); }
    catch (error) { problems.push(error.message); }
  }
  if (!problems.length && !form.elements.link.value) { location.reload(); return; }
  button.disabled = false;
  form.elements.photos.value = "";
  line.textContent = problems.join(" ");
  if (!problems.length) form.submit();
});
