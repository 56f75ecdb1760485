// Pictures from the clipboard, handed to the page's own uploader: they take the ordinary road, with its limits.

const UPLOADER = ".st-key-crop-uploads input[type=file]";
const TEXT_FIELDS = "input:not([type=file], [type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]";
const KEYS = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘V" : "Ctrl+V";
const opened = new WeakMap();

export default function ({ parentElement }) {
  if (!opened.has(parentElement)) opened.set(parentElement, openPaste(parentElement));
  return () => {
    opened.get(parentElement)?.();
    opened.delete(parentElement);
  };
}

function openPaste(root) {
  const button = root.querySelector("button");
  const said = root.querySelector(".said");
  const gone = new AbortController();
  const on = (target, name, listener) => target.addEventListener(name, listener, { signal: gone.signal });
  root.querySelector("kbd").textContent = KEYS;
  button.hidden = !navigator.clipboard?.read;
  on(document, "paste", (event) => {
    if (event.composedPath()[0].matches?.(TEXT_FIELDS)) return;
    const files = picturesIn(event.clipboardData?.files ?? []);
    if (files.length === 0) return;
    event.preventDefault();
    hand(files);
  });
  on(button, "click", async () => {
    said.textContent = "";
    try {
      hand(await readClipboard());
    } catch {
      said.textContent = `The browser did not let the page read the clipboard: press ${KEYS} instead.`;
    }
  });
  return () => gone.abort();

  function hand(files) {
    const uploader = document.querySelector(UPLOADER);
    if (files.length === 0) said.textContent = "There is no picture in the clipboard.";
    else if (!uploader || uploader.disabled) said.textContent = "There is nowhere to put it: wait for the upload field.";
    else {
      said.textContent = "";
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      uploader.files = transfer.files;
      uploader.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

function picturesIn(files) {
  return [...files].filter((file) => file.type.startsWith("image/"));
}

async function readClipboard() {
  const files = [];
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((name) => name.startsWith("image/"));
    if (!type) continue;
    const suffix = type.split("/")[1].split("+")[0];
    files.push(new File([await item.getType(type)], `pasted.${suffix}`, { type }));
  }
  return files;
}
