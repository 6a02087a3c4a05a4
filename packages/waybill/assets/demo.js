// The demo page's own script: an ordinary page that uses the official element's API.
const targets = JSON.parse(document.getElementById("targets").textContent);
const chat = document.getElementById("chat");
const log = document.getElementById("log");
const text = "what is this a picture of?";

/** @param {string} source @param {string} [name] */
const picture = (source, name = "test.png") => ({
  id: "123",
  mime_type: "image/png",
  name,
  preview_url: source,
  type: "image",
});
/** @param {string} file */
const onFilesOrigin = (file) => picture(`${targets.files}/demo/${file}.png`);

// The other name of this very machine is another origin: that is where the broken proxies live.
const elsewhere = new URL(location.origin);
elsewhere.hostname = location.hostname === "localhost" ? "127.0.0.1" : "localhost";

const pictures = {
  cat: onFilesOrigin("cat"),
  unreachable: picture("https://nowhere.invalid/cat.png"),
  missing: onFilesOrigin("missing"),
  broken: onFilesOrigin("broken"),
  page: onFilesOrigin("page"),
  drawing: onFilesOrigin("drawing"),
  empty: onFilesOrigin("empty"),
  huge: onFilesOrigin("huge"),
  never: onFilesOrigin("never"),
  private: picture("http://10.0.0.7/cat.png"),
  nosource: { id: "123", mime_type: "image/png", name: "test.png", type: "file" },
};
const apis = {
  masked: new URL("masked/chatkit", elsewhere).href,
  cut: new URL("cut/chatkit", elsewhere).href,
  // Nothing listens on port 2 of this machine.
  down: "http://127.0.0.1:2/chatkit",
};

let scheme = "auto";
let api = `${targets.api}/chatkit`;
function applyOptions() {
  const dark = scheme === "dark" || (scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  chat.setOptions({
    api: { url: api },
    theme: dark ? "dark" : "light",
    startScreen: {
      greeting: "What would you like to send?",
      prompts: [{ label: "What can this chat do?", prompt: "What can this chat do?" }],
    },
    composer: { placeholder: "Write a message", attachments: { enabled: true } },
    history: { enabled: true, showDelete: true, showRename: true },
    threadItemActions: { feedback: true, retry: true },
    disclaimer: { text: "A demo, served from your own machine." },
  });
}

/** @param {string} name */
async function run(name) {
  const next = apis[name] ?? `${targets.api}/chatkit`;
  if (next !== api) {
    api = next;
    applyOptions();
    await chat.setThreadId(null);
  }
  log.textContent = "";
  const attachments = [pictures[name] ?? (name === "cut" ? pictures.cat : undefined)].filter(Boolean);
  try {
    await chat.sendUserMessage({ text, attachments });
  } catch (error) {
    log.textContent = `sendUserMessage rejected: ${error.message}`;
  }
}

document.getElementById("page-origin").textContent = location.origin;
document.getElementById("api-origin").textContent = new URL(targets.api).origin;
document.getElementById("files-origin").textContent = new URL(targets.files).origin;
document.getElementById("snippet").textContent = `let attachments = [];
attachments.push({ id: "123", mime_type: "image/png",
  name: "test.png", type: "image",
  preview_url: "${targets.files}/demo/cat.png" });
await chatKit.sendUserMessage({
  text: "${text}", attachments: attachments });`;
const foreign = new URL("/", location.origin);
foreign.hostname = targets.foreignHost;
document.getElementById("foreign").href = foreign.href;

for (const button of document.querySelectorAll("[data-run]"))
  button.addEventListener("click", () => run(button.dataset.run));
for (const button of document.querySelectorAll("[data-scheme]")) {
  button.addEventListener("click", () => {
    scheme = button.dataset.scheme;
    for (const other of document.querySelectorAll("[data-scheme]"))
      other.setAttribute("aria-pressed", String(other === button));
    applyOptions();
  });
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyOptions);
customElements.whenDefined("openai-chatkit").then(applyOptions);
