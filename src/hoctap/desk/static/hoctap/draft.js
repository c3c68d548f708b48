// Autosave of the report form. The server computes and checks; this file only shows what it answers.
// Nothing typed is lost: while the net or the sign-in is gone, it stays on this device and is sent again.
import "./seen.js";

const form = document.getElementById("phieu");
const status = document.querySelector("#luu span");
const key = `hoctap:${form.dataset.autosave}`;
let timer = 0;
let busy = false;
let dirty = false;

const fields = () => new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string"));
const say = (text) => { if (status) status.textContent = text; };

function remember() {
  const kept = [...fields()].filter(([name]) => !["csrfmiddlewaretoken", "version", "token", "page"].includes(name));
  try { localStorage.setItem(key, JSON.stringify(kept)); } catch { /* a full or closed store loses nothing on screen */ }
}

function restore() {
  let kept;
  try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { kept = null; }
  if (!kept) return;
  for (const [name, value] of kept) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field && field.type !== "file" && field.value !== value) { field.value = value; dirty = true; }
  }
  if (dirty) schedule(200);
}

function showFinding(finding) {
  let row = form.querySelector(`[data-finding="${finding.code}"]`);
  if (!row) {
    const line = document.getElementById(`dong-${finding.line}`);
    if (!line) return;
    row = document.getElementById("mau-canh-bao").content.firstElementChild.cloneNode(true);
    row.dataset.finding = finding.code;
    const input = row.querySelector("input");
    if (finding.severity === "warning") {
      input.name = input.id = `r-${finding.code}`;
      row.querySelector("label").htmlFor = input.id;
    } else row.querySelector(".field").remove();
    line.after(row);
    line.classList.add("has-why");
  }
  row.querySelector("[data-says]")?.replaceChildren(finding.message);
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
  answer.findings.forEach(showFinding);
  for (const input of form.querySelectorAll("input.cell[name^=c]")) {
    const wrong = answer.wrong[input.name];
    input.toggleAttribute("aria-invalid", Boolean(wrong));
    input.classList.toggle("bad", Boolean(wrong));
    input.title = wrong || "";
  }
  const wrong = Object.values(answer.wrong);
  say(wrong.length ? `Đã lưu nháp lúc ${answer.at}. ${wrong[0]}` : `Đã lưu nháp lúc ${answer.at}`);
}

async function save() {
  if (busy) return schedule(500);
  busy = true;
  dirty = false;
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST", body: fields(), headers: { Accept: "application/json" }, redirect: "manual",
    });
    if (answer.ok) { show(await answer.json()); localStorage.removeItem(key); }
    else if (answer.status === 409) { remember(); say((await answer.json()).message + " Bấm Lưu nháp để chọn."); }
    else if (answer.status === 422) { remember(); say((await answer.json()).message); }
    else { remember(); say("Phiên đăng nhập đã hết. Đăng nhập lại ở trang này; chữ đã gõ vẫn giữ trong máy."); }
  } catch {
    remember();
    say("Mất mạng, cứ ghi tiếp. Chữ đã gõ giữ trong máy, có mạng sẽ tự lưu.");
    schedule(5000);
  }
  busy = false;
}

function schedule(wait) { clearTimeout(timer); timer = setTimeout(save, wait); }

form.addEventListener("input", (event) => { if (event.target.type !== "file") { dirty = true; schedule(1200); } });
form.addEventListener("submit", () => { clearTimeout(timer); dirty = false; localStorage.removeItem(key); });
addEventListener("online", () => schedule(0));
addEventListener("beforeunload", (event) => { if (dirty) { remember(); event.preventDefault(); } });
restore();
