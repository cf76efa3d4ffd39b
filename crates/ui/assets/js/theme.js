// Runs before the first paint, so that a folded sidebar does not unfold for a moment.
if (localStorage.getItem("sidebar") === "folded") document.documentElement.dataset.sidebar = "folded";
