document.querySelectorAll("[data-filter]").forEach(function (b) {
  b.addEventListener("click", function () {
    var on = b.getAttribute("aria-pressed") !== "true";
    b.setAttribute("aria-pressed", on);
    document.querySelectorAll('[data-state="' + b.dataset.filter + '"]').forEach(function (e) { e.hidden = !on; });
  });
});
document.querySelectorAll(".copy").forEach(function (b) {
  b.addEventListener("click", function () {
    var e = b.previousElementSibling, done = function () { b.textContent = "Copied"; };
    var pick = function () {
      getSelection().selectAllChildren(e);
      b.textContent = document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C";
    };
    if (navigator.clipboard) navigator.clipboard.writeText(e.textContent).then(done, pick); else pick();
  });
});
function open() {
  var e = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (var at = e; at; at = at.parentElement) {
    if ("open" in at) at.open = true;
    at.hidden = false;
  }
  if (e) e.scrollIntoView();
}
addEventListener("hashchange", open);
open();
