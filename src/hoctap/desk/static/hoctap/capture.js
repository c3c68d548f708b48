// Ghi nhanh: what is typed stays on the phone, the line it counts in is said at once, photos are shrunk, the net may be gone.
import { bind, newId } from "./queue.js";
import { shrinkField } from "./upload.js";

const form = document.getElementById("ghi");
const [kinds, fallbacks, words] = [form.dataset.kinds, form.dataset.fallbacks, form.dataset.words].map((text) => JSON.parse(text));
const field = (name) => form.elements.namedItem(name);
const TYPED = ["name", "family", "kind", "day", "start", "place", "people"];
const KEY = `hoctap:ghi-nhanh:${document.body.dataset.user}`;

// ---- in which line it will count: as activities/sorting.py decides it ----
const fold = (text) => ` ${text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").match(/[a-z0-9]+/g)?.join(" ") ?? ""} `;

/** The kind that the name shows, of one family or of any, and how surely. */
function shown(family) {
  const name = fold(field("name").value);
  let [best, found] = [0, ""];
  for (const [code, kind] of Object.entries(kinds)) {
    if (family && kind.family !== family) continue;
    for (const word of kind.words) {
      const plain = word.replace(/^[~!]/, ""), weight = plain.length + ({ "~": 0, "!": 200 }[word[0]] ?? 100);
      if (weight > best && name.includes(` ${plain} `)) [best, found] = [weight, code];
    }
  }
  return [found, best];
}

function kindOf() {
  const family = field("family").value;
  return field("kind").value || shown(family)[0] || fallbacks[family];
}

// The tile is the last activity's until somebody presses one, or the name clearly says another: a class is no news item.
let pressed = Boolean(location.search) || location.pathname !== form.getAttribute("action") || Boolean(form.querySelector(".err, .note-late"));
form.addEventListener("change", ({ target }) => {
  if (target.name !== "family") return;
  pressed = true;
  field("kind").value = ""; // the line chosen was one of the tile before
});
field("name").addEventListener("input", () => {
  const [code, surely] = shown();
  if (!pressed && surely >= 100) field("family").value = kinds[code].family;
});

function moment() {
  const day = field("day").value.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/);
  const time = field("start").value.match(/^(\d{1,2})\D*(\d{2})?/);
  return day && new Date(day[3], day[2] - 1, day[1], time?.[1] ?? 7, time?.[2] ?? (time ? 0 : 30));
}

// A number of what has not begun is refused by the server, hours later when the net is gone: said here, and not sent.
const people = field("people"), hint = document.getElementById("people-goi-y"), usual = hint.textContent;
const number = form.querySelector("[data-people]"), whoCame = number.textContent;
const wasWrong = people.closest(".field").classList.contains("bad");
function early(is) {
  people.setCustomValidity(is ? words.early : "");
  hint.textContent = is ? words.early : usual;
  people.closest(".field").classList.toggle("bad", is || wasWrong);
}

function say() {
  const kind = kinds[kindOf()], line = form.querySelector("[data-line]"), at = moment();
  if (!kind) return;
  const n = field("people").value.trim();
  number.textContent = kind.asked || whoCame;
  early(at && at > new Date() && /[1-9]/.test(n));
  const counted = [kind.unit && `1 ${kind.unit}`, kind.of && n && `${n} ${kind.of}`].filter(Boolean).join(", ");
  line.replaceChildren();
  if (at && at > new Date()) line.append(words.plan);
  else if (kind.line) line.append(`${words.counts} `, Object.assign(document.createElement("b"), { textContent: counted || kind.name }), ` ${words.at} ${kind.line}.`);
  else line.append(`${kind.name}. ${words.not}`);
}

// ---- nothing typed is lost ----
const kept = form.querySelector("[data-kept]");
function told(text) {
  kept.hidden = false;
  kept.querySelector("span").textContent = text;
}
const hour = () => new Date().toTimeString().slice(0, 5);
function keep() {
  const values = Object.fromEntries(TYPED.map((name) => [name, field(name).value]));
  try { localStorage.setItem(KEY, JSON.stringify(values)); told(`${words.kept} ${hour()}`); } catch { /* a full phone */ }
}
function restore() {
  const fresh = !location.search && !location.hash && !field("name").value && !form.querySelector(".err, .note-late");
  const values = fresh && JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (!values?.name) return;
  TYPED.forEach((name) => { field(name).value = values[name]; });
  pressed = true;
}

form.addEventListener("input", () => { say(); keep(); });
form.addEventListener("change", say);
form.addEventListener("click", say); // its hour may have come while the form lay open

// ---- one more, one less ----
form.querySelectorAll("[data-step]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const number = Number(field("people").value.replace(/\D/g, "")) || 0;
    field("people").value = String(Math.max(0, number + Number(button.dataset.step)));
    form.dispatchEvent(new Event("input"));
  });
});

// ---- photos ----
const thumbs = form.querySelector("[data-thumbs]"), photos = field("photos");
let busy = Promise.resolve();

/** Drawn, not shown from a blob: the content policy lets pictures come from the server only. */
async function thumb(file) {
  const item = document.createElement("li"), canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 160, height: 160, ariaLabel: file.name, role: "img" });
  item.append(canvas);
  try {
    const image = await createImageBitmap(file), side = Math.min(image.width, image.height);
    const [x, y] = [(image.width - side) / 2, (image.height - side) / 2];
    canvas.getContext("2d").drawImage(image, x, y, side, side, 0, 0, 160, 160);
  } catch { item.textContent = file.name; } // a kind this browser cannot draw
  return item;
}
async function draw(files) {
  thumbs.hidden = !files.length;
  thumbs.replaceChildren(...(await Promise.all(files.map(thumb))));
}
photos.addEventListener("change", () => {
  told(words.shrinking);
  busy = shrinkField(photos).then(async () => {
    await draw([...photos.files]);
    kept.hidden = true;
  });
});
form.addEventListener("hoctap:filled", ({ detail: { item } }) => draw(item.files.map(({ file }) => file)));
form.addEventListener("submit", (event) => {
  if (!busy) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // the photos first, then once more
  const button = event.submitter;
  busy.then(() => { busy = null; setTimeout(() => form.requestSubmit(button)); }); // not while this event is still under way
});

// ---- sending ----
let sent = "";
field("token").value = newId();
bind(form, {
  label: (one) => one.elements.namedItem("name").value,
  small: (one, files) => [one.elements.namedItem("day").value, files.length && `${files.length} ảnh`].filter(Boolean).join(", "),
});
form.addEventListener("hoctap:saved", () => {
  sent = field("token").value;
  told(`${words.saved} ${field("name").value}`);
  localStorage.removeItem(KEY);
  ["name", "people", "start", "kind"].forEach((name) => { field(name).value = ""; });
  form.querySelectorAll("[name=unit], [name=confirm]").forEach((box) => { box.checked = false; }); // said of this one
  photos.value = "";
  thumbs.replaceChildren();
  thumbs.hidden = true;
  field("token").value = newId();
  pressed = false;
  busy = Promise.resolve();
  say();
});
document.addEventListener("hoctap:sent", ({ detail: { item, answer } }) => {
  const token = item.fields.find(([name]) => name === "token")?.[1];
  if (answer.url && token === sent && !field("name").value && !answer.notes?.length) location.assign(answer.url);
});

restore();
say();
