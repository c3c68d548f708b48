// Keeps what lets an officer go on without a net: the files of the screens, and the few pages whose answer says so
// (X-Offline: whose they are). The net comes first; a kept copy is shown where it does not answer.
// Pages go at sign-out, and when somebody else signs in. What waits to be sent lies elsewhere (queue.js) and stays.

const FILES = "hoctap-files", PAGES = "hoctap-pages";
const MANY = { [FILES]: 200, [PAGES]: 30 };
const PATIENCE = 6000; // ms that a page may take where a copy is at hand
const OWNER = "/hoctap-owner"; // where the owner's id lies among the pages

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function put(name, key, answer) {
  const cache = await caches.open(name);
  await cache.put(key, answer); // in place of the older one, never without any, and last in the order
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MANY[name])).map((old) => cache.delete(old)));
}

const owner = async () => (await (await caches.open(PAGES)).match(OWNER))?.text();

let forgotten = 0; // times: what was asked for before comes too late to be kept
let turn = Promise.resolve(); // one page after another: two of a first visit must not throw each other away

/** `then`: what `forgotten` was when the page was asked for. */
async function keepPage(key, answer, then) {
  const whose = answer.headers.get("X-Offline");
  if (answer.status !== 200 || !whose) return;
  const whole = new Response(await answer.blob(), answer); // what breaks off half way leaves the older copy there
  turn = turn.catch(() => {}).then(async () => {
    if (then !== forgotten) return;
    if ((await owner()) !== whose) await caches.delete(PAGES);
    await put(PAGES, OWNER, new Response(whose));
    await put(PAGES, key, whole);
  });
  await turn;
}

function forget() {
  forgotten += 1;
  turn = turn.catch(() => {}).then(() => caches.delete(PAGES));
  return turn;
}

async function file(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await put(FILES, request.url, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await caches.match(request.url, { cacheName: FILES });
    if (kept) return kept;
    throw failure;
  }
}

async function page(event) {
  const url = new URL(event.request.url), key = url.pathname, then = forgotten;
  const kept = await caches.match(key, { cacheName: PAGES });
  const asked = fetch(event.request);
  // Also what comes after the older copy was shown.
  event.waitUntil(asked.then((answer) => url.search || keepPage(key, answer.clone(), then)).catch(() => {}));
  if (!kept) return asked;
  const tired = new Promise((done) => setTimeout(done, PATIENCE));
  try { return (await Promise.race([asked, tired])) ?? kept; } catch { return kept; }
}

/** After signing in or out, with a password or a card: pages of anybody who is not there any more go. Who signs out
    without a net has left all the same. */
async function signing(request) {
  const answer = await fetch(request).catch(async (failure) => {
    if (!request.url.includes("/dang-nhap/")) await forget();
    throw failure;
  });
  let stays = false;
  try {
    const now = await (await fetch("/dang-nhap/phien/", { cache: "no-store" })).json();
    stays = Boolean(now.id) && String(now.id) === (await owner());
  } catch { /* not known: they go */ }
  if (!stays) await forget();
  return answer;
}

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && /^\/(dang-nhap|dang-xuat|the)\//.test(url.pathname)) event.respondWith(signing(request));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate" || request.headers.has("X-Keep")) event.respondWith(page(event));
});

// A page that was there before this worker, or loaded while it started (which its own claim passes over): from now on
// it is in its care. It and its files are fetched once more, mostly from the browser's own cache.
addEventListener("message", (event) => {
  const { keep, files } = event.data;
  const ours = files.filter((address) => address.startsWith(`${location.origin}/static/`));
  const work = ours.map(async (address) => {
    if (!(await caches.match(address, { cacheName: FILES }))) await file(new Request(address));
  });
  const then = forgotten;
  if (keep) work.push(fetch(keep).then((answer) => keepPage(keep, answer, then)));
  event.waitUntil(Promise.allSettled([clients.claim(), ...work]));
});
