// Two pictures of the same size over each other, and a divider to drag between them.
//
// Streamlit calls the default export again whenever the data change; `opened` knows who listens already.

const FAINT = 12; // per cent: a name vanishes when its picture is this narrow
const opened = new WeakMap();

export default function ({ data, parentElement }) {
  if (!opened.has(parentElement)) opened.set(parentElement, openWipe(parentElement));
  opened.get(parentElement).update(data);
  return () => {
    opened.get(parentElement)?.close();
    opened.delete(parentElement);
  };
}

function openWipe(root) {
  const find = (selector) => root.querySelector(selector);
  const [wipe, frame, left, right] = [".wipe", ".frame", ".left", ".right"].map(find);
  const [first, second, slider] = [".first", ".second", "input"].map(find);
  const gone = new AbortController();
  let pointer = null;

  const on = (target, name, listener) => target.addEventListener(name, listener, { signal: gone.signal });
  on(slider, "input", show);
  on(frame, "pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    pointer = event.pointerId;
    frame.setPointerCapture(pointer);
    follow(event);
  });
  on(frame, "pointermove", follow);
  on(frame, "pointerup", () => (pointer = null));
  on(frame, "pointercancel", () => (pointer = null));
  return { update, close: () => gone.abort() };

  function update({ size, maxHeight, pictures, labels, colors, alt }) {
    frame.style.aspectRatio = `${size.width} / ${size.height}`;
    wipe.style.maxWidth = `${(maxHeight * size.width) / size.height}px`;
    [left, right].forEach((image, side) => {
      // the same picture again would flicker
      if (image.getAttribute("src") !== pictures[side]) image.setAttribute("src", pictures[side]);
    });
    [first, second].forEach((name, side) => {
      name.textContent = labels[side];
      name.style.borderColor = colors[side];
    });
    right.alt = alt;
    slider.setAttribute("aria-label", `Divider between ${labels[0]} on the left and ${labels[1]} on the right`);
    show();
  }

  function follow(event) {
    if (event.pointerId !== pointer) return;
    const place = frame.getBoundingClientRect();
    slider.value = (100 * (event.clientX - place.left)) / place.width;
    show();
  }

  function show() {
    const at = Number(slider.value);
    wipe.style.setProperty("--at", `${at}%`);
    slider.setAttribute("aria-valuetext", `${at} %`);
    first.style.opacity = at < FAINT ? 0 : 1;
    second.style.opacity = at > 100 - FAINT ? 0 : 1;
  }
}
