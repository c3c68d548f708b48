// Reviewing: a line asks for its reason once a figure differs from what the unit reported, and shows by how much.
// Without this file every line has its field for a reason.
const digits = (text) => text.replace(/[\s.]/g, "");

function difference(input) {
  const [was, now] = [input.dataset.was, digits(input.value)];
  if (was === now) return "";
  const by = Number(now) - Number(was);
  return Number.isFinite(by) && now ? `${by > 0 ? "+" : by < 0 ? "−" : ""}${Math.abs(by).toLocaleString("vi")}` : "–";
}

function show(row, figures, reason) {
  const found = figures.map(difference).filter(Boolean);
  reason.hidden = !found.length && !reason.value;
  reason.required = Boolean(found.length);
  const said = row.querySelector(".delta");
  said.textContent = found.join("; ");
}

for (const reason of document.querySelectorAll(".formtbl input[name^=xr-]")) {
  const row = reason.closest("tr");
  const figures = [...row.querySelectorAll("input[data-was]")];
  reason.before(Object.assign(document.createElement("b"), { className: "delta num" }));
  row.addEventListener("input", () => show(row, figures, reason));
  show(row, figures, reason);
}
