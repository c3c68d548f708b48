// Comfort on every page; all screens work without it. Words come from the page (components/templates.html).

const words = (id) => document.getElementById(id)?.content;

// ---- messages ----
function toast(text) {
  const region = document.getElementById("thong-bao");
  const made = words("t-toast")?.cloneNode(true);
  if (!region || !made) return;
  made.querySelector("p").textContent = text;
  region.append(made);
}

function addClose(message) {
  if (message.querySelector("[data-close]")) return;
  const button = words("t-toast")?.querySelector("button").cloneNode(true);
  if (button) message.append(button);
}

const region = document.getElementById("thong-bao");
if (region) {
  [...region.children].forEach(addClose);
  new MutationObserver((changes) => changes.forEach((c) => c.addedNodes.forEach((n) => n.nodeType === 1 && addClose(n))))
    .observe(region, { childList: true });
  region.addEventListener("click", (event) => event.target.closest("[data-close]")?.parentElement.remove());
}

// ---- menus: Escape and a press outside close them ----
const menus = () => document.querySelectorAll("details.seat[open], details.menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
document.addEventListener("click", (event) => menus().forEach((menu) => menu.contains(event.target) || (menu.open = false)));

// ---- printing: pages that are sheets of paper ----
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// ---- choosing files: the browser's own button speaks the browser's language, not the page's ----
function dressFiles(input) {
  const made = words("t-file")?.firstElementChild.cloneNode(true);
  if (!made) return;
  const [label, said] = [made.querySelector("label"), made.querySelector("span")];
  label.htmlFor = input.id;
  const none = said.textContent;
  const tell = () => {
    const names = [...input.files].map((file) => file.name);
    said.textContent = names.length > 3 ? `${names.length} ${said.dataset.many}` : names.join(", ") || none;
  };
  input.className = "vh";
  input.after(made);
  input.addEventListener("change", tell);
  made.addEventListener("dragover", (event) => event.preventDefault());
  made.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
document.querySelectorAll("input[type=file][id]").forEach(dressFiles);

// ---- connection ----
const offline = document.getElementById("mat-mang");
const showConnection = () => { if (offline) offline.hidden = navigator.onLine; };
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();

// ---- leaving with something unsaved: forms with data-unsaved; "hoctap:saved" on the form clears it ----
const unsaved = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-unsaved")) unsaved.add(form);
});
document.addEventListener("hoctap:saved", (event) => unsaved.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// ---- one press, one sending; where the answer is a file (data-file) the page stays, and the next press is some seconds off ----
const FILE = 5000; // ms
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || event.submitter?.formTarget) return; // what opens apart leaves it
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  unsaved.delete(form);
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  if (form.hasAttribute("data-file")) setTimeout(() => { delete form.dataset.sent; button?.removeAttribute("aria-busy"); }, FILE);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// ---- htmx: only 2xx, 409 and 422 bring a piece of page; everything else is said in words ----
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  const { status, raw } = ctx.response;
  if (status < 400 || status === 409 || status === 422) return;
  event.preventDefault();
  raw.text().then((text) => {
    if (status === 401) return signInAgain(text, () => resend(ctx));
    const plain = raw.headers.get("Content-Type")?.startsWith("text/plain");
    toast(plain && text ? text : words("t-refused").textContent);
  });
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.status?.startsWith("error")) toast(words("t-no-answer").textContent);
});

function resend({ sourceElement, sourceEvent, request }) {
  if (sourceElement instanceof HTMLFormElement) sourceElement.requestSubmit(request.submitter ?? undefined);
  else sourceElement.dispatchEvent(new Event(sourceEvent.type, { bubbles: true, cancelable: true }));
}

// ---- the sign-in ran out: a dialog over the page. Other scripts raise "hoctap:expired" with { html, resend } ----
document.addEventListener("hoctap:expired", (event) => signInAgain(event.detail.html, event.detail.resend));

let waiting = []; // what to send on once signed in again

function signInAgain(html, again) {
  waiting.push(again);
  if (document.getElementById("dang-nhap-lai")) return;
  document.body.insertAdjacentHTML("beforeend", html);
  const dialog = document.getElementById("dang-nhap-lai");
  const form = dialog.querySelector("form");
  form.elements.login.value = document.body.dataset.user ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    signIn(dialog, form);
  });
  dialog.querySelector("[data-check]").addEventListener("click", () => goOn(dialog));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    waiting = [];
    dialog.remove();
  });
  dialog.showModal();
  (form.elements.login.value ? form.elements.password : form.elements.login).focus();
}

async function signIn(dialog, form) {
  try {
    const reply = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    });
    const { form: checked } = await reply.json();
    if (reply.ok) return await goOn(dialog);
    const fields = Object.values(checked.fields).flatMap((field) => field.errors);
    wrong(dialog, [...checked.errors, ...fields].join(" "));
  } catch {
    wrong(dialog, dialog.querySelector("[data-failed]").dataset.failed);
  }
}

async function goOn(dialog) {
  const { user, csrf } = await (await fetch(dialog.dataset.state)).json();
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = csrf; });
  if (!user) return wrong(dialog, dialog.querySelector("[data-step]").dataset.step);
  if (document.body.dataset.user && user !== document.body.dataset.user) {
    return wrong(dialog, dialog.querySelector("[data-other]").dataset.other);
  }
  const again = waiting;
  dialog.close();
  again.forEach((send) => send());
}

function wrong(dialog, text) {
  const line = dialog.querySelector("#dnl-loi");
  line.querySelector("span").textContent = text;
  line.hidden = !text;
}

// ---- what waits on this phone is shown and sent from whatever page is open ----
let waits = 0;
try { waits = Number(localStorage.getItem("hoctap:queue:count")); } catch { /* keeps nothing: nothing waits */ }
if (waits && document.getElementById("hang-doi")) import("./queue.js").catch(() => {});
