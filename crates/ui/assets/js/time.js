const steps = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "short" });

function relative(element) {
  const then = Date.parse(element.dateTime);
  if (Number.isNaN(then)) return;
  const seconds = (then - Date.now()) / 1000;
  const [unit, length] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  element.textContent = words.format(Math.round(seconds / length), unit);
}

const all = (root = document) => root.querySelectorAll("time[data-relative]").forEach(relative);
all();
setInterval(all, 60000);
document.addEventListener("htmx:after:swap", () => all());
