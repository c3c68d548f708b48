// On a phone the form folds by section, so that all sections fit a screen or two, and empty notes stay out of the way.
// Without this file everything is open.
const narrow = matchMedia("(max-width: 48rem)");
const table = document.querySelector(".formtbl > table");
const words = JSON.parse(table?.dataset.words ?? "{}");

const target = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));

/** "3/9 ô đã ghi" while writing; "3/9 ô có số" of a report that is read. */
function filled(section) {
  const inputs = [...section.querySelectorAll("input.cell[name^=c]")];
  if (inputs.length) return `${inputs.filter((cell) => cell.value.trim()).length}/${inputs.length} ${words.filled}`;
  const figures = [...section.querySelectorAll("td.num[data-l]:not(.rvd, :has(input))")];
  return figures.length ? `${figures.filter((cell) => !/^[–\s]*$/.test(cell.textContent)).length}/${figures.length} ${words.figures}` : "";
}

function label(section, button) {
  const open = button.getAttribute("aria-expanded") === "true";
  button.querySelector(".done").textContent = filled(section);
  button.querySelector(".does").firstChild.textContent = open ? words.close : words.open;
}

function set(section, button, open) {
  button.setAttribute("aria-expanded", String(open));
  section.toggleAttribute("data-closed", !open);
  label(section, button);
}

function makeButton(section) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fold";
  const done = Object.assign(document.createElement("span"), { className: "done" });
  const does = Object.assign(document.createElement("span"), { className: "does", textContent: words.open });
  does.append(Object.assign(document.createElement("span"), { className: "vh", textContent: ` ${words.section} ${section.dataset.muc}` }));
  button.append(done, does);
  return button;
}

for (const section of table?.querySelectorAll("tbody.muc") ?? []) {
  if (section.rows.length < 3) continue;
  const button = makeButton(section);
  section.rows[0].querySelector("th").append(button);
  const wanted = section.querySelector(".why-row") || section.contains(target());
  set(section, button, !narrow.matches || Boolean(wanted));
  button.addEventListener("click", () => set(section, button, button.getAttribute("aria-expanded") !== "true"));
  section.addEventListener("input", () => label(section, button));
}
narrow.addEventListener("change", () => {
  for (const button of document.querySelectorAll("button.fold")) set(button.closest("tbody"), button, !narrow.matches);
});
// A link to a line opens its section.
addEventListener("hashchange", () => {
  const section = target()?.closest("tbody[data-closed]");
  if (!section) return;
  set(section, section.querySelector("button.fold"), true);
  target().scrollIntoView();
});

// ---- notes: a field only where there is one, or where it is asked for ----
for (const area of table?.querySelectorAll("td.memo > textarea") ?? []) {
  if (area.value.trim()) continue;
  const cell = area.parentElement;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "add-note link";
  button.textContent = words.note;
  button.setAttribute("aria-label", `${words.note}: ${area.getAttribute("aria-label")}`);
  cell.toggleAttribute("data-empty", true);
  cell.prepend(button);
  button.addEventListener("click", () => {
    cell.removeAttribute("data-empty");
    button.remove();
    area.focus();
  });
}
