document.querySelectorAll("[data-filter]").forEach(function (b) {
  b.addEventListener("click", function () {
    var on = b.getAttribute("aria-pressed") !== "true";
    b.setAttribute("aria-pressed", on);
    document.querySelectorAll('[data-state="' + b.dataset.filter + '"]').forEach(function (e) { e.hidden = !on; });
  });
});
document.querySelectorAll(".copy").forEach(function (b) {
  b.addEventListener("click", function () {
    navigator.clipboard.writeText(b.nextElementSibling.textContent).then(function () { b.textContent = "Copied"; });
  });
});
function open() {
  var e = location.hash && document.getElementById(location.hash.slice(1));
  if (e && "open" in e) { e.open = true; e.hidden = false; }
}
addEventListener("hashchange", open);
open();
