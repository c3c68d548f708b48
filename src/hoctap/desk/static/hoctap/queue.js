// What was entered while the net was gone: kept on this phone, sent in order once it is back, each exactly once (X-Op).
// Other scripts import this file as "./queue.js", never by its digest name: it is to exist once on a page.
//
//   add({ url, fields, label, small, page, files, replaces })   keeps a POST and sends it when it can; "Sửa" opens `page`
//   bind(form, { label, small })   a form whose POST goes this way; "Sửa" in the list fills it again
//
// The document hears "hoctap:sent" { item, answer } when the server took one, "hoctap:queue" { items } on every change; a
// form hears "hoctap:filled" { item }. What was entered in one seat is sent as that seat, whichever is acted from by then.

const box = document.getElementById("hang-doi");
const words = JSON.parse(box?.dataset.words ?? "{}");
const user = box?.dataset.user ?? "", seat = box?.dataset.seat ?? "";
const LAST = "hoctap:queue:last", COUNT = "hoctap:queue:count";
const LONGEST = 5 * 60_000; // ms between two tries
let failures = 0, timer = 0, state = "";

// ---- the store ----
const asPromise = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

const opened = (() => {
  const request = indexedDB.open("hoctap-queue", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("items", { keyPath: "order", autoIncrement: true });
  return asPromise(request);
})();

async function store(act, mode = "readwrite") {
  const transaction = (await opened).transaction("items", mode);
  const result = await asPromise(act(transaction.objectStore("items")));
  if (mode === "readwrite") await new Promise((done, failed) => {
    transaction.oncomplete = done;
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
    transaction.commit?.();
  });
  return result;
}

export const items = () => store((s) => s.getAll(), "readonly");
export const drop = async (order) => { await store((s) => s.delete(order)); await show(); };
export const find = async (id) => (await items()).find((item) => item.id === id);

// crypto.randomUUID is there on https only; a hall's own server may be plain http.
export const newId = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
  (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

/** `fields`: [[name, value], …]; `files`: [{ name, file }]. Resolves once it is safe on this phone. */
export async function add({ url, fields = [], files = [], label, small = "", page = "", replaces = "" }) {
  const item = { id: newId(), user, seat, url, fields, files, label, small, page, at: Date.now(), state: "waiting", reason: "" };
  const old = replaces && (await find(replaces));
  await store((s) => s.add(item));
  if (old) await store((s) => s.delete(old.order));
  navigator.storage?.persist?.().catch(() => {});
  await show();
  send();
  return item;
}

// ---- sending ----
const head = (csrf, item) => ({
  "X-CSRFToken": csrf, "X-Op": item.id, "X-Seat": item.seat, "X-Phone-Now": new Date().toISOString(), "HX-Request": "true", Accept: "application/json",
});

function bodyOf(item) {
  const body = item.files.length ? new FormData() : new URLSearchParams();
  item.fields.forEach(([name, value]) => body.append(name, value));
  item.files.forEach(({ name, file }) => body.append(name, file, file.name));
  return body;
}

/** Who is signed in and the token of this moment: a page that lay in the cache for hours holds neither. */
async function session() {
  const answer = await fetch(box.dataset.state, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const now = await answer.json();
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = now.csrf; });
  return now;
}

async function said(answer) {
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind.startsWith("application/json")) return (await answer.json()).message ?? "";
  return kind.startsWith("text/plain") ? answer.text() : "";
}

/** True: the next one; false: later; "out": sign in first. */
async function sendOne(item, csrf) {
  const answer = await fetch(item.url, { method: "POST", body: bodyOf(item), headers: head(csrf, item), redirect: "manual" });
  if (answer.ok) return taken(item, answer);
  if (answer.status === 401 || answer.type === "opaqueredirect") return "out";
  // A server that is away or full comes back; at what it stumbles over again and again, what comes after must not wait.
  const most = answer.status === 500 ? 5 : answer.status > 500 ? Infinity : [403, 408, 425, 429].includes(answer.status) ? 3 : 0;
  if ((item.tries ?? 0) < most) {
    item.tries = (item.tries ?? 0) + 1;
    await store((s) => s.put(item));
    return Number(answer.headers.get("Retry-After")) * 1000 || false;
  }
  item.state = "refused";
  item.reason = (await said(answer)) || words.refused;
  await store((s) => s.put(item));
  return true;
}

async function taken(item, answer) {
  const found = (answer.headers.get("Content-Type") ?? "").startsWith("application/json") ? await answer.json() : {};
  localStorage.setItem(LAST, String(Date.now()));
  if (found.notes?.length) {
    Object.assign(item, { state: "noted", reason: found.notes.join(" "), files: [] });
    await store((s) => s.put(item));
  } else await store((s) => s.delete(item.order));
  document.dispatchEvent(new CustomEvent("hoctap:sent", { detail: { item, answer: found } }));
  return true;
}

/** Exponential, with half of it by chance: two hundred phones come back at the same moment when a mast does. */
function later(wait) {
  failures += 1;
  clearTimeout(timer);
  const pause = typeof wait === "number" ? wait : Math.min(LONGEST, 1000 * 2 ** failures);
  timer = setTimeout(send, pause * (0.5 + Math.random() / 2));
}

async function sendAll() {
  for (;;) {
    const item = (await items()).find((one) => one.state === "waiting" && one.user === user);
    if (!item) { state = ""; failures = 0; return show(); }
    let went = false;
    try {
      const now = await session();
      went = now.user === user ? await sendOne(item, now.csrf) : "out";
      state = went === "out" ? "out" : "";
    } catch { state = "off"; }
    await show();
    if (went === "out") return;
    if (went !== true) return later(went);
    failures = 0;
  }
}

/** One tab at a time; a second sending would do no harm, but cost the net. */
export async function send() {
  clearTimeout(timer);
  if (!user || !navigator.onLine) { if (user) state = "off"; return show(); }
  const locks = navigator.locks;
  if (!locks) return sendAll();
  return locks.request("hoctap-queue", { ifAvailable: true }, (lock) => (lock ? sendAll() : later(2000)));
}

// ---- showing ----
const clock = (at) => {
  const day = new Date(at), two = (n) => String(n).padStart(2, "0");
  const time = `${two(day.getHours())}:${two(day.getMinutes())}`;
  return day.toDateString() === new Date().toDateString() ? time : `${time} ${two(day.getDate())}/${two(day.getMonth() + 1)}`;
};
const say = (text, given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name]);

function row(item) {
  const made = box.querySelector("template").content.firstElementChild.cloneNode(true);
  made.dataset.state = item.state;
  made.querySelectorAll("[data-for]").forEach((part) => part.dataset.for.includes(item.state) || part.remove());
  made.querySelector("[data-label]").textContent = item.label;
  const kept = say(words.kept, { time: clock(item.at) });
  made.querySelector("small").textContent = item.reason || [item.small, kept].filter(Boolean).join(", ");
  const edit = made.querySelector("[data-edit]");
  if (item.page) edit?.setAttribute("href", `${item.page}#muc-${item.id}`); else edit?.remove();
  made.querySelector("[data-again]")?.addEventListener("click", () => again(item));
  made.querySelector("[data-drop]")?.addEventListener("click", () => drop(item.order));
  return made;
}

async function again(item) {
  await store((s) => s.put({ ...item, state: "waiting", reason: "", tries: 0 }));
  await show();
  send();
}

async function show() {
  const all = await items();
  const mine = all.filter((item) => item.user === user);
  const waiting = mine.filter((item) => item.state === "waiting").length;
  try { localStorage.setItem(COUNT, String(all.length)); } catch { /* shown only where the queue is loaded */ }
  document.dispatchEvent(new CustomEvent("hoctap:queue", { detail: { items: mine } }));
  if (!box) return;
  const last = Number(localStorage.getItem(LAST));
  const others = all.length - mine.length;
  const head = state === "out" ? words.out : state === "off" ? words.off : waiting ? words.sending : words.look;
  const lines = [
    waiting && say(words.waiting, { n: waiting }),
    mine.length > waiting && say(words.problems, { n: mine.length - waiting }),
    others && say(words.others, { n: others }),
    last && say(words.last, { time: clock(last) }),
  ];
  box.querySelector("[data-head]").textContent = head;
  box.querySelector("[data-count]").textContent = lines.filter(Boolean).join(" ");
  box.querySelector("[data-signin]").hidden = state !== "out";
  box.querySelector("ul").replaceChildren(...mine.map(row));
  box.hidden = !all.length;
}

// ---- forms ----
export function bind(form, { label, small = () => "" }) {
  const url = form.getAttribute("action");
  let earlier = null; // what is being put right
  const fill = async () => {
    const item = location.hash.startsWith("#muc-") && (await find(location.hash.slice(5)));
    if (!item || item.url !== url) return;
    earlier = item;
    for (const [name, value] of item.fields) {
      const field = form.elements.namedItem(name);
      if (field instanceof RadioNodeList || field?.type === "radio") field.value = value;
      else if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new CustomEvent("hoctap:filled", { detail: { item } }));
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const given = [...new FormData(form, event.submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const chosen = given.filter(([, v]) => v instanceof File && v.size).map(([name, file]) => ({ name, file }));
    const files = chosen.length ? chosen : (earlier?.files ?? []); // a form cannot be given files back
    const unasked = earlier?.fields.filter(([name]) => !form.elements.namedItem(name)) ?? []; // of another form of the page
    const fields = [...given.filter(([, v]) => typeof v === "string"), ...unasked];
    await add({ url, fields, files, label: label(form), small: small(form, files), page: url, replaces: earlier?.id });
    earlier = null;
    form.dispatchEvent(new CustomEvent("hoctap:saved", { bubbles: true }));
  });
  addEventListener("hashchange", fill);
  fill();
}

// ---- the service worker keeps this page, when the server said it may, and what it is made of ----
async function keepPage() {
  if (!("serviceWorker" in navigator) || !box?.dataset.worker) return;
  await navigator.serviceWorker.register(box.dataset.worker);
  const worker = (await navigator.serviceWorker.ready).active;
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  worker.postMessage({ keep: document.querySelector("meta[name=hoctap-offline]") ? location.pathname : "", files });
}
if (document.readyState === "complete") keepPage().catch(() => {});
else addEventListener("load", () => keepPage().catch(() => {}));

const here = document.querySelector("[data-queue-here]");
if (here && box) here.append(box);
addEventListener("online", send);
addEventListener("offline", () => { state = "off"; show(); });
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
send();
