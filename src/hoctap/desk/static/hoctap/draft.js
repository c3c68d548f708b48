// Autosave of the report form. The server computes and checks; this file only shows what it answers.
// Nothing typed is lost: while the net or the sign-in is gone, it stays on this device and is sent again.
import "./seen.js";

const form = document.getElementById("phieu");
const status = document.getElementById("luu");
const words = JSON.parse(form.dataset.words);
const key = `hoctap:${form.dataset.autosave}`;
const OWN = ["csrfmiddlewaretoken", "version", "token", "page"];
let timer = 0;
let busy = false;
let dirty = false;
let asked = false; // to sign in again; once is enough until it has been done

const fields = () => new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string"));
let saved = new Map(fields());

/** `state`: ok (everything is on the server), kept (on this device), wrong (saved, with something to look at). */
function say(text, state = "kept") {
  if (!status) return;
  status.dataset.state = state;
  status.querySelector("span").textContent = text;
}

// ---- on this device: only what the server does not have yet, so that nobody else's typing is undone later ----
// `sent`: what stood on the server when it was pressed to be sent; once that was taken, something else does.
const standing = () => `${form.dataset.number} ${form.elements.version.value}`;

function remember(sent = "") {
  const kept = [...fields()].filter(([name, value]) => !OWN.includes(name) && saved.get(name) !== value);
  try { localStorage.setItem(key, JSON.stringify({ values: kept, sent })); } catch { /* a full or closed store loses nothing on screen */ }
}

function restore() {
  let kept;
  try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { kept = null; }
  if (kept?.sent && kept.sent !== standing()) return localStorage.removeItem(key);
  for (const [name, value] of kept?.values ?? []) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field && field.type !== "file" && field.value !== value) { field.value = value; dirty = true; }
  }
  if (dirty) { say(words.restored); schedule(200); }
}

// ---- what the server says about the figures ----
function box(kind, line, name, text, bad) {
  const row = document.getElementById("mau-canh-bao").content.firstElementChild.cloneNode(true);
  row.dataset[kind] = name;
  row.querySelector(".why-box").classList.toggle("bad", bad);
  row.querySelector("[data-says]").replaceChildren(text);
  line.after(row);
  line.classList.add("has-why");
  return row;
}

function showFinding(finding) {
  let row = form.querySelector(`[data-finding="${finding.code}"]`);
  const line = document.getElementById(`dong-${finding.line}`);
  if (!row && !line) return;
  if (!row) {
    row = box("finding", line, finding.code, finding.message, finding.severity === "error");
    const input = row.querySelector("input");
    if (finding.severity === "warning") {
      input.name = input.id = `r-${finding.code}`;
      row.querySelector("label").htmlFor = input.id;
    } else row.querySelector(".field").remove();
  }
  row.querySelector("[data-says]").replaceChildren(finding.message);
}

function showWrong(name, text) {
  const input = form.elements.namedItem(name);
  const line = input?.closest("tr");
  if (!line || form.querySelector(`[data-wrong="${name}"]`)) return;
  const row = box("wrong", line, name, text, true);
  row.querySelector(".field").remove();
  row.querySelector(".why-box").id = `loi-${name}`;
  input.setAttribute("aria-describedby", `loi-${name}`);
}

function show(answer) {
  form.elements.version.value = answer.version;
  form.elements.token.value = answer.token;
  for (const [name, text] of Object.entries(answer.derived)) {
    const cell = document.getElementById(`o-${name}`);
    if (cell) cell.textContent = text;
  }
  const codes = new Set(answer.findings.map((f) => f.code));
  for (const row of form.querySelectorAll("[data-finding]")) if (!codes.has(row.dataset.finding)) row.remove();
  for (const row of form.querySelectorAll("[data-wrong]")) row.remove();
  answer.findings.forEach(showFinding);
  for (const input of form.querySelectorAll("input.cell[name^=c]")) {
    const wrong = Boolean(answer.wrong[input.name]);
    if (wrong) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    input.classList.toggle("bad", wrong);
  }
  Object.entries(answer.wrong).forEach(([name, text]) => showWrong(name, text));
  const n = Object.keys(answer.wrong).length;
  say(n ? `${words.saved} ${answer.at}. ${words.wrong.replace("0", n)}` : `${words.saved} ${answer.at}`, n ? "wrong" : "ok");
}

// ---- sending ----
async function take(answer, sent) {
  if (answer.ok) {
    saved = sent;
    asked = false;
    show(await answer.json());
    return localStorage.removeItem(key);
  }
  remember();
  if (answer.status === 401) {
    say(words.expired);
    if (asked) return;
    asked = true;
    const html = await answer.text();
    return document.dispatchEvent(new CustomEvent("hoctap:expired", { detail: { html, resend: save } }));
  }
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind.startsWith("application/json")) return say((await answer.json()).message);
  say(kind.startsWith("text/plain") ? await answer.text() : words.failed);
  if (answer.status >= 500) schedule(15000);
}

async function save() {
  if (busy) return schedule(500);
  busy = true;
  dirty = false;
  const body = fields();
  try {
    await take(await fetch(form.dataset.autosave, {
      method: "POST", body, redirect: "manual", headers: { Accept: "application/json", "HX-Request": "true" },
    }), new Map(body));
  } catch {
    remember();
    say(words.offline);
    schedule(5000);
  }
  busy = false;
}

function schedule(wait) { clearTimeout(timer); timer = setTimeout(save, wait); }

form.addEventListener("input", (event) => { if (event.target.type !== "file") { dirty = true; schedule(1200); } });
form.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget) return; // printed in a tab of its own; here typing goes on
  if (!navigator.onLine) {
    event.preventDefault();
    remember();
    return say(words.offline);
  }
  clearTimeout(timer);
  if (dirty || localStorage.getItem(key)) remember(standing()); // until the next page shows that it arrived
  dirty = false;
});
addEventListener("online", () => schedule(0));
addEventListener("beforeunload", (event) => { if (dirty) { remember(); event.preventDefault(); } });
restore();
