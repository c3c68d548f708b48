// On a phone the form folds by section, so that one section fits a screen. Without this file all is open.
const narrow = matchMedia("(max-width: 48rem)");

const target = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));

function filled(section) {
  const cells = [...section.querySelectorAll("input.cell[name^=c]")];
  return [cells.filter((cell) => cell.value.trim()).length, cells.length];
}

function label(section, button) {
  const [done, all] = filled(section);
  const open = button.getAttribute("aria-expanded") === "true";
  button.textContent = `${open ? "Thu gọn" : "Mở"} mục ${section.dataset.muc}${all ? `, đã ghi ${done}/${all} ô` : ""}`;
}

function set(section, button, open) {
  button.setAttribute("aria-expanded", String(open));
  section.toggleAttribute("data-closed", !open);
  label(section, button);
}

for (const section of document.querySelectorAll("tbody.muc")) {
  if (section.rows.length < 3) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-s fold";
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
  if (section) set(section, section.querySelector("button.fold"), true);
});
