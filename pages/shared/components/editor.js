// A photo with its heatmap and crop boxes, on which one chooses the focal point.
//
// Streamlit calls the default export again whenever the data change; what lasts between calls is in `editors`.
// Boxes are {left, top, width, height} in pixels of the photo, points {x, y} in 0..1 of it.

const STEP = 0.01; // of the photo's sides: an arrow key
const LARGE_STEP = 0.05; // with Shift
const PAUSE = 250; // milliseconds without a key until the point is reported: not one run of the page a key
const STILL = 4; // CSS pixels that a pointer may move and still click
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const LINE = 3; // CSS pixels: the first box's line; the others are a little thinner
const DASHES = { solid: "none", dashed: "12 7", dotted: "4 4" };
const WHITE = "rgba(255, 255, 255, 0.9)";
const DARK = "rgba(20, 20, 20, 0.6)";
const CASING = { solid: WHITE, dashed: DARK, dotted: "rgba(255, 255, 255, 0.6)" }; // what shows between the dashes
const SHADE = "rgba(0, 0, 0, 0.4)"; // outside the movable box

const MOST_OF_WINDOW = 60; // per cent of its height that the photo takes, so that it stays in view beside its crops
const OPACITY_AT_FIRST = 55; // per cent
const REMEMBERED = "gazecrop-heatmap";
let opacity = rememberedOpacity();

const editors = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!editors.has(parentElement)) editors.set(parentElement, openEditor(parentElement));
  editors.get(parentElement).update(data, setTriggerValue);
  return () => {
    editors.get(parentElement)?.close();
    editors.delete(parentElement);
  };
}

function openEditor(root) {
  const find = (selector) => root.querySelector(selector);
  const [frame, photo, heat, svg, grip] = [".frame", ".photo", ".heat", "svg", ".grip"].map(find);
  const [controls, legend, slider, output, said] = [".controls", ".legend", "input", "output", ".said"].map(find);
  const gone = new AbortController();
  let data, report;
  let box = null; // the movable box as it stands here, ahead of the server
  let focal = null;
  let drag = null; // what the pointer that is down does
  let unsent = 0; // the timer of key presses not yet reported

  const on = (target, name, listener) => target.addEventListener(name, listener, { signal: gone.signal });
  on(slider, "input", () => {
    rememberOpacity(Number(slider.value));
    showOpacity();
  });
  on(frame, "pointerdown", press);
  on(frame, "pointermove", move);
  on(frame, "pointerup", release);
  on(frame, "pointercancel", cancel);
  on(frame, "keydown", type);
  const observer = new ResizeObserver(() => data && draw());
  observer.observe(frame);
  return { update, close };

  function update(newData, setTriggerValue) {
    data = newData;
    report = (value) => setTriggerValue("chosen", value);
    if (!drag && !unsent) {
      box = data.movable;
      focal = data.focal;
    }
    const { width, height } = data.size;
    frame.style.aspectRatio = `${width} / ${height}`;
    frame.style.maxWidth = `calc(min(${data.maxHeight}px, ${MOST_OF_WINDOW}vh) * ${width / height})`;
    controls.style.maxWidth = `max(${frame.style.maxWidth}, 32rem)`;
    setAttribute(photo, "src", data.picture);
    setAttribute(photo, "alt", data.alt);
    setAttribute(heat, "src", data.heat);
    legend.replaceChildren(...data.boxes.map(legendEntry));
    showOpacity();
    draw();
  }

  function close() {
    gone.abort();
    observer.disconnect();
    if (unsent) sendNow();
  }

  function press(event) {
    if (!event.isPrimary || event.button !== 0) return;
    const at = pointOf(event);
    const held = event.target === grip;
    drag = { id: event.pointerId, at, x: event.clientX, y: event.clientY, from: box, held, moved: false };
    if (held) frame.setPointerCapture(event.pointerId);
  }

  function move(event) {
    if (event.pointerId !== drag?.id) return;
    const at = pointOf(event);
    const [right, down] = [at.x - drag.at.x, at.y - drag.at.y];
    // on the screen: where the page moves under a pointer that stays, it is still a click
    drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > STILL;
    if (!drag.held || !drag.moved) return;
    const { left, top } = drag.from;
    box = inside({ ...drag.from, left: left + right * data.size.width, top: top + down * data.size.height });
    focal = middle(box);
    draw();
  }

  function release(event) {
    if (event.pointerId !== drag?.id) return;
    const { at, held, moved } = drag;
    drag = null;
    if (moved && !held) return;
    if (!moved) lookAt(at);
    sendNow();
  }

  function cancel() {
    if (drag?.moved && drag.held) {
      box = data.movable;
      focal = data.focal;
    }
    drag = null;
    draw();
  }

  function type(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in ARROWS) {
      const step = event.shiftKey ? LARGE_STEP : STEP;
      const [right, down] = ARROWS[event.key];
      const from = focal ?? (box ? middle(box) : { x: 0.5, y: 0.5 });
      lookAt({ x: from.x + right * step, y: from.y + down * step });
      clearTimeout(unsent);
      unsent = setTimeout(sendNow, PAUSE);
    } else if (["Escape", "Delete", "Backspace"].includes(event.key)) {
      clearTimeout(unsent);
      unsent = 0;
      said.textContent = "Back to automatic";
      report({ reset: true });
    } else {
      return;
    }
    event.preventDefault();
  }

  function lookAt(point) {
    focal = { x: clamp(point.x, 0, 1), y: clamp(point.y, 0, 1) };
    if (box) {
      const { width, height } = data.size;
      box = inside({ ...box, left: focal.x * width - box.width / 2, top: focal.y * height - box.height / 2 });
    }
    draw();
  }

  function sendNow() {
    clearTimeout(unsent);
    unsent = 0;
    said.textContent = `${percent(focal.x)} from the left, ${percent(focal.y)} from the top`;
    report(focal);
  }

  function pointOf(event) {
    const place = frame.getBoundingClientRect();
    return { x: (event.clientX - place.left) / place.width, y: (event.clientY - place.top) / place.height };
  }

  function inside(wanted) {
    const left = clamp(Math.round(wanted.left), 0, data.size.width - wanted.width);
    const top = clamp(Math.round(wanted.top), 0, data.size.height - wanted.height);
    return { ...wanted, left, top };
  }

  function middle({ left, top, width, height }) {
    return { x: (left + width / 2) / data.size.width, y: (top + height / 2) / data.size.height };
  }

  function showOpacity() {
    slider.value = opacity;
    slider.style.setProperty("--at", `${opacity}%`);
    output.textContent = `${opacity} %`;
    heat.style.opacity = opacity / 100;
  }

  function draw() {
    const scale = frame.clientWidth / data.size.width;
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${frame.clientWidth} ${frame.clientHeight}`);
    if (box) svg.append(shade(scaled(box, scale)));
    for (const face of data.faces) svg.append(...outline(scaled(face, scale), "#ffffff", "solid", 1.5, DARK));
    // the first is drawn last and outermost, the others inside it: shared edges lie side by side
    for (const [rank, crop] of [...data.boxes.entries()].reverse()) {
      const place = rank === data.moves && box ? box : crop;
      const line = rank === 0 ? LINE : LINE - 1;
      const drawn = inset(scaled(place, scale), (0.5 + 1.6 * rank) * LINE);
      svg.append(...outline(drawn, crop.color, crop.line, line, CASING[crop.line]));
    }
    if (focal) svg.append(...cross(focal.x * frame.clientWidth, focal.y * frame.clientHeight));
    placeGrip();
  }

  function placeGrip() {
    const { width, height } = data.size;
    const across = box && box.width < width;
    const down = box && box.height < height;
    grip.hidden = !(across || down);
    if (grip.hidden) return;
    grip.style.left = `${(100 * box.left) / width}%`;
    grip.style.top = `${(100 * box.top) / height}%`;
    grip.style.width = `${(100 * box.width) / width}%`;
    grip.style.height = `${(100 * box.height) / height}%`;
    // a finger that moves where the box cannot go scrolls the page
    grip.style.touchAction = across && down ? "none" : across ? "pan-y" : "pan-x";
    grip.classList.toggle("held", Boolean(drag?.held && drag.moved));
  }

  function shade({ left, top, width, height }) {
    const whole = `M0 0H${frame.clientWidth}V${frame.clientHeight}H0Z`;
    const hole = `M${left} ${top}h${width}v${height}h${-width}Z`;
    return element("path", { class: "shade", d: whole + hole, fill: SHADE, "fill-rule": "evenodd" });
  }
}

function legendEntry({ label, color, line }) {
  const entry = document.createElement("span");
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.borderTopStyle = line;
  swatch.style.borderTopColor = color;
  entry.append(swatch, label);
  return entry;
}

function outline({ left, top, width, height }, color, line, thickness, casing) {
  const place = { x: left, y: top, width, height, fill: "none" };
  return [
    element("rect", { ...place, stroke: casing, "stroke-width": thickness + 1.5 }),
    element("rect", { ...place, class: "line", stroke: color, "stroke-width": thickness, "stroke-dasharray": DASHES[line] }),
  ];
}

function cross(x, y) {
  const d = `M${x - 9} ${y}h18M${x} ${y - 9}v18`;
  return [
    element("path", { d, stroke: "rgba(0, 0, 0, 0.7)", "stroke-width": 5, "stroke-linecap": "round" }),
    element("path", { class: "focal", d, stroke: "#ffffff", "stroke-width": 2.5, "stroke-linecap": "round" }),
  ];
}

function element(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value); // the same picture again would flicker
}

function scaled({ left, top, width, height }, scale) {
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale };
}

function inset({ left, top, width, height }, by) {
  by = Math.min(by, width / 2, height / 2);
  return { left: left + by, top: top + by, width: width - 2 * by, height: height - 2 * by };
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

function percent(share) {
  return `${Math.round(100 * share)} %`;
}

function rememberedOpacity() {
  try {
    return Number(sessionStorage.getItem(REMEMBERED) ?? OPACITY_AT_FIRST);
  } catch {
    return OPACITY_AT_FIRST; // a browser that keeps nothing
  }
}

function rememberOpacity(value) {
  opacity = value;
  try {
    sessionStorage.setItem(REMEMBERED, value);
  } catch {
    // a browser that keeps nothing: it is remembered until the page is left
  }
}
