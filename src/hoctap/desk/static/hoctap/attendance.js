// Điểm danh on a phone: what is ticked counts at once, is kept on the phone (queue.js), and lands when there is a net.
// Shown is what the server knows, with what still waits here laid over it. Without this file the page is a plain form.
import { add, items } from "./queue.js";

const form = document.getElementById("diem-danh");
const words = JSON.parse(form.dataset.words);
const address = form.getAttribute("action");
const roll = document.getElementById("lop");
const BUFFER = `hoctap:marks:${document.body.dataset.user}:${address}`;
const say = (text, given = {}) => text.replace(/\{(\w+)\}/g, (_, name) => given[name]);
const told = form.querySelector("[data-said]");
const fold = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();
const time = (at = new Date()) => new Date(at).toTimeString().slice(0, 5);
const here = (at) => say(words.phone, { time: time(at) });
const rows = () => [...form.querySelectorAll("li[data-id]")];
const rowOf = (key) => rows().find((row) => row.dataset.id === key);

// ---- what was ticked a moment ago: written down at once, so that not even a dead battery loses it ----
let buffer = { marks: [], unnamed: null };
try { buffer = JSON.parse(localStorage.getItem(BUFFER)) ?? buffer; } catch { /* nothing kept */ }
const keep = () => { try { localStorage.setItem(BUFFER, JSON.stringify(buffer)); } catch { /* the queue follows in a second */ } };
const keyOf = (mark) => String(mark.p ?? (mark.n ? `n:${mark.n}` : `c:${mark.c}`));

let timer = 0;
function tick(mark) {
  const whole = { w: "name", t: new Date().toISOString(), ...mark };
  buffer.marks = [...buffer.marks.filter((old) => keyOf(old) !== keyOf(whole)), whole];
  keep();
  apply();
  clearTimeout(timer);
  timer = setTimeout(flush, 900);
}

async function flush(act = "save", more = []) {
  clearTimeout(timer);
  const { marks, unnamed } = buffer;
  if (act === "save" && !marks.length && unnamed === null) return;
  const fields = [["act", act], ["at", new Date().toISOString()], ["marks", JSON.stringify(marks)], ...more];
  if (unnamed !== null) fields.push(["unnamed", String(unnamed)]);
  const small = act === "close" ? words.closing : act === "all" ? words.self
    : [marks.length && say(words.people, { n: marks.length }), unnamed !== null && say(words.unnamed, { n: unnamed })].filter(Boolean).join(", ");
  await add({ url: address, fields, label: form.dataset.label, small });
  buffer = { marks: buffer.marks.filter((mark) => !marks.includes(mark)), unnamed: buffer.unnamed === unnamed ? null : buffer.unnamed };
  keep();
  await apply();
}

// ---- showing: the server's state, then what waits ----
let base = new Map(rows().map((row) => [row.dataset.id, {
  present: row.querySelector("input").defaultChecked, said: row.dataset.said ?? "", counts: !("x" in row.dataset), fresh: false,
}]));
let waiting = [];

function adopt(state) {
  base = new Map(state.rows.map(([id, name, present, said, walked, counts]) => [String(id), { name, present, said, walked, counts, fresh: true }]));
  form.querySelector("[data-expected]").textContent = state.counts.expected;
  document.getElementById("cho").hidden = !state.counts.claims;
  document.querySelector("[data-claims]").textContent = state.counts.claims;
  const field = form.elements.unnamed;
  if (buffer.unnamed === null && document.activeElement !== field && !waiting.some((w) => w.unnamed !== undefined)) field.value = state.counts.unnamed;
  if (state.closed !== (form.dataset.closed === "1") && navigator.onLine) return location.reload();
  rows().filter((row) => row.dataset.id.startsWith("n:")).forEach((row) => row.remove());
  for (const [id, one] of base) if (!rowOf(id)) grow(id, one.name, one.walked ? words.walk : "", one.counts);
}

function grow(key, name, about, counts = true) {
  document.getElementById("trong")?.remove();
  const row = document.getElementById("t-nguoi").content.firstElementChild.cloneNode(true);
  row.dataset.id = key;
  if (!counts) row.dataset.x = "";
  row.querySelector("[data-name]").textContent = name;
  row.querySelector(".ava").textContent = name.split(" ").at(-1)[0].toUpperCase();
  row.querySelector("small").dataset.about = about;
  row.querySelector("input").value = key;
  roll.append(row);
  return row;
}

/** Marks that wait, in their order: of sendings in the queue, then of the last second. */
async function pending() {
  const queued = (await items()).filter((item) => item.url === address && item.state === "waiting" && item.user === document.body.dataset.user);
  waiting = queued.map(({ fields }) => {
    const given = Object.fromEntries(fields);
    return { act: given.act, at: given.at, marks: JSON.parse(given.marks || "[]"), unnamed: given.unnamed };
  });
  return [...waiting, { act: "save", marks: buffer.marks }];
}

async function apply() {
  const over = new Map();
  for (const { act, at, marks } of await pending()) {
    for (const mark of marks) {
      if (mark.n && !rowOf(keyOf(mark))) grow(keyOf(mark), mark.n, words.walk);
      const key = mark.c ? (rows().find((row) => row.dataset.c && row.dataset.c === mark.d)?.dataset.id ?? keyOf(mark)) : keyOf(mark);
      over.set(key, { present: Boolean(mark.v), said: here(mark.t) });
    }
    if (act === "all") for (const row of roll.children) {
      const id = row.dataset.id;
      if (!over.has(id) && !base.get(id)?.said) over.set(id, { present: true, said: here(at) });
    }
  }
  for (const row of rows()) {
    const one = over.get(row.dataset.id) ?? base.get(row.dataset.id);
    if (!one && !base.get(row.dataset.id)?.fresh) row.querySelector("input").checked = false;
    if (one) show(row, one);
  }
  count();
}

function show(row, one) {
  row.querySelector("input").checked = one.present;
  const small = row.querySelector("small");
  if (one.said || one.fresh) small.textContent = [small.dataset.about, one.said].filter(Boolean).join(", ");
  row.dataset.said = one.said;
}

function count() {
  const present = rows().filter((row) => !("x" in row.dataset) && row.querySelector("input").checked).length;
  const expected = Number(form.querySelector("[data-expected]").textContent);
  form.querySelector("[data-present]").textContent = present;
  const more = Number(form.elements.unnamed.value) || 0;
  document.getElementById("cong").hidden = !(present && more);
  document.querySelector("[data-sum]").textContent = present + more;
  form.querySelector("[data-bar]").setAttribute("width", `${expected ? Math.min(100, (100 * present) / expected) : 0}%`);
}

// ---- the server's state: kept by the service worker for the hours without a net ----
let taken = 0; // sendings that the server answered
async function refresh() {
  const before = taken;
  try {
    const answer = await fetch(form.dataset.state, { headers: { "X-Keep": "1", "HX-Request": "true" } });
    if (!answer.ok) return;
    const state = await answer.json();
    if (taken !== before) return refresh(); // it may be of the moment before, and would untick whom it does not know of
    adopt(state);
    await apply();
  } catch { /* what is on the page stays */ }
}

/** What was just answered is what a reload without a net is to show. */
async function remember(state) {
  if (!("caches" in window)) return;
  const pages = await caches.open("hoctap-pages");
  const kept = await pages.match(form.dataset.state);
  if (kept) await pages.put(form.dataset.state, new Response(JSON.stringify(state), { headers: kept.headers }));
}

document.addEventListener("hoctap:sent", ({ detail: { item, answer } }) => {
  if (item.url !== address) return;
  taken += 1;
  told.textContent = answer.said?.length ? answer.said.join(" ") : say(words.saved, { time: time() });
  if (!answer.state) return;
  remember(answer.state);
  adopt(answer.state);
  apply();
});
document.addEventListener("hoctap:queue", ({ detail }) => {
  if (!navigator.onLine && detail.items.some((item) => item.url === address)) told.textContent = say(words.kept, { time: time() });
});

// ---- what the person does ----
form.addEventListener("change", (event) => {
  const row = event.target.closest("li[data-id]");
  if (!row) return;
  const id = row.dataset.id, v = event.target.checked ? 1 : 0;
  tick(id.startsWith("n:") ? { n: id.slice(2), v } : { p: id, v, ...(form.elements.way && { w: "paper" }) });
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const act = event.submitter?.value ?? "save";
  const name = form.elements.moi.value.trim().replace(/\s+/g, " ");
  if (name) {
    tick({ n: name, y: form.elements.nam_sinh.value.trim(), v: 1 });
    form.elements.moi.value = form.elements.nam_sinh.value = "";
    form.elements.moi.focus();
  }
  if (act === "save") return flush();
  if (act === "less") { // sent as the number that is left, which may be sent twice
    const field = form.elements.unnamed;
    field.value = Math.max(0, (Number(field.value) || 0) - Number(form.querySelector("[data-present]").textContent));
    return unnamed(Number(field.value));
  }
  await flush();
  await flush(act);
});

function unnamed(value) {
  if (!Number.isInteger(value) || value < 0) return;
  buffer.unnamed = value;
  count();
  keep();
  clearTimeout(timer);
  timer = setTimeout(flush, 900);
}
form.elements.unnamed.addEventListener("input", (event) => /^\d+$/.test(event.target.value) && unnamed(Number(event.target.value)));
form.querySelectorAll("[data-step]").forEach((button) => {
  button.disabled = form.dataset.closed === "1";
  button.addEventListener("click", () => {
    const field = form.elements.unnamed;
    field.value = Math.max(0, (Number(field.value) || 0) + Number(button.dataset.step));
    unnamed(Number(field.value));
  });
});

// ---- finding by name, accents or not ----
const search = document.getElementById("tim");
document.getElementById("o-tim").hidden = false;
search.addEventListener("input", () => {
  const wanted = fold(search.value).split(/\s+/);
  for (const row of rows()) {
    const name = fold(row.querySelector("[data-name]").textContent);
    row.hidden = !wanted.every((word) => name.includes(word));
  }
  const others = document.getElementById("khac");
  if (others && search.value) others.open = true;
});
search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());

// ---- scanning cards: the phone's own reader, else jsQR, fetched when it is wanted ----
const dialog = document.getElementById("quet-the");
const video = dialog.querySelector("video");
const heard = dialog.querySelector("[data-scan]");
const GONE = 1500; // ms out of sight after which a card that is shown is shown anew

const JSQR = new URL("../vendor/jsqr.js", import.meta.url).href;
const own = (async () => "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code"))();

async function reader() {
  if (await own) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  await import(JSQR);
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    context.drawImage(video, 0, 0);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return self.jsQR(image.data, image.width, image.height)?.data ?? "";
  };
}

async function scan() {
  heard.textContent = words.show;
  dialog.showModal();
  let last = "", seen = 0;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (!dialog.open) return dark(); // closed while the phone still asked
    await video.play();
    const read = await reader();
    while (dialog.open) {
      const text = video.videoWidth ? await read() : "";
      if (text && text !== last) await take(text);
      if (text) [last, seen] = [text, Date.now()];
      else if (Date.now() - seen > GONE) last = "";
      await new Promise((done) => setTimeout(done, 150));
    }
  } catch { heard.textContent = words.nocamera; }
}

const dark = () => video.srcObject?.getTracks().forEach((track) => track.stop());

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 12);
}

/** One card, by what its QR says: an address that ends in /the/<token>/. */
async function take(text) {
  const card = /\/the\/(\w+)\/?$/.exec(text)?.[1];
  if (!card) { heard.textContent = words.nocard; return; }
  const d = crypto.subtle ? await digest(card) : "";
  const row = d && rows().find((one) => one.dataset.c === d);
  const name = row?.querySelector("[data-name]").textContent;
  if (row?.querySelector("input").checked) heard.textContent = say(words.again, { name, said: row.dataset.said });
  else heard.textContent = row ? say(words.scanned, { name }) : words.card;
  navigator.vibrate?.(60);
  tick({ c: card, d, v: 1, w: "scan" });
}

dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  dark();
  flush();
});
const button = document.getElementById("quet");
button.hidden = !navigator.mediaDevices?.getUserMedia || form.dataset.closed === "1";
button.addEventListener("click", scan);
// A phone without a reader of its own keeps ours for the hours without a net; the page does not wait for it.
if (!button.hidden) own.then(async (has) => has || (await navigator.serviceWorker?.ready)?.active.postMessage({ keep: "", files: [JSQR] }));
document.addEventListener("hoctap:scanned", (event) => take(event.detail)); // a reader plugged in, or a test

document.getElementById("luu-lai").hidden = true; // what is ticked is kept at once
if (form.dataset.closed !== "1") told.textContent = words.auto;
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? refresh() : flush()));
setInterval(() => document.visibilityState === "visible" && navigator.onLine && refresh(), 20_000);
navigator.serviceWorker?.addEventListener("controllerchange", refresh); // from now on its answers are kept
apply().then(refresh);
if (buffer.marks.length || buffer.unnamed !== null) flush();
