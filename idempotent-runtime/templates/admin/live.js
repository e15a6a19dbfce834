// Live figures: every two seconds the server tells the texts of what is marked
// with data-live. Without this script the page is whole, with a Refresh link.
(() => {
  "use strict";
  const tools = document.querySelector("[data-live-tools]");
  if (!tools || !window.EventSource) return;
  const button = tools.querySelector("[data-pause]");
  const state = tools.querySelector("[data-live-state]");
  const places = new Map();
  for (const place of document.querySelectorAll("[data-live]")) {
    places.set(place.dataset.live, place);
  }
  let source = null;

  const say = (word) => {
    if (state.textContent !== word) state.textContent = word;
    state.dataset.on = String(word === "Live");
  };
  const show = (event) => {
    const figures = JSON.parse(event.data);
    for (const [name, text] of Object.entries(figures)) {
      const place = places.get(name);
      if (place && place.textContent !== text) place.textContent = text;
    }
    say("Live");
  };
  const start = () => {
    source = new EventSource(tools.dataset.liveTools);
    source.onmessage = show;
    source.onerror = () => say(source.readyState === EventSource.CLOSED ? "Ended" : "Waiting");
    button.textContent = "Pause";
    say("Waiting");
  };
  const stop = () => {
    source.close();
    source = null;
    button.textContent = "Resume";
    say("Paused");
  };

  button.addEventListener("click", () => (source ? stop() : start()));
  tools.hidden = false;
  start();
})();
