// The doctor's page: a form, one request to its own server, and what came of it.
/** @param {string} id */
const byId = (id) => document.getElementById(id);
const form = byId("form");
const ask = byId("ask");
const status = byId("status");
const alert = byId("alert");
const result = byId("result");
const words = { fine: "The page reads it", broken: "The browser blocks it", unknown: "Cannot be told" };
const whose = {
  page: "the page",
  network: "the network, or the address",
  proxy: "what stands in front of the application",
  server: "the server",
  application: "the application",
  nobody: "nobody",
  unknown: "the server, or what stands in front of it",
};
// Names of the doctor's, where the form has another.
const fields = { "request.url": "url", URL: "url" };

/** An element with its classes and children. @param {string} tag @param {string} classes @param {...(Node | string)} children */
function element(tag, classes, ...children) {
  const made = document.createElement(tag);
  made.className = classes;
  made.append(...children);
  return made;
}

/** Code that can be scrolled by keyboard. @param {string} text @param {string} label @param {string} classes */
function code(text, label, classes = "") {
  const made = element("pre", classes, element("code", "", text));
  made.tabIndex = 0;
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", label);
  return made;
}

/** @param {string} title @param {...(Node | string)} children */
const part = (title, ...children) => element("div", "", element("h3", "", title), ...children);

function showWay() {
  const isCurl = form.elements.way.value === "curl";
  byId("curl-part").hidden = !isCurl;
  byId("form-part").hidden = isCurl;
}

/** @param {string} message @param {string} [field] */
function showAlert(message, field = "") {
  alert.textContent = message;
  alert.hidden = message === "";
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  const name = fields[field] ?? field.replace(/^request\./, "").replace(/\[.*$/, "");
  const isCurl = form.elements.way.value === "curl";
  const input = byId(isCurl && name !== "origin" && name !== "" ? "curl" : name);
  if (input === null || !form.contains(input)) return;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

function copyButton(text) {
  const button = element("button", "", "Copy");
  button.type = "button";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text).then(
      () => {
        button.textContent = "Copied";
      },
      () => {
        button.textContent = "Cannot copy";
      },
    );
  });
  return button;
}

function drawFix({ server, where, language, text }, at) {
  const title = `${at === 0 ? "To mend it" : "Or"}: ${server === null ? "" : `${server}, `}${where}`;
  return element(
    "div",
    "",
    element("div", "head", element("h3", "", title), copyButton(text)),
    code(text.trimEnd(), title, language === "text" ? "wrap" : ""),
  );
}

function drawFinding({ severity, code, message, help }) {
  return element(
    "li",
    "",
    element("strong", severity, `${severity}: `),
    `${message} ${help}`.trim(),
    ` (${code})`,
  );
}

function draw({ diagnosis, report }) {
  const { outcome, summary, consoleMessage, cause, explanation, layer, servers, hidden, fixes, findings } =
    diagnosis;
  const verdict = element("h2", outcome, element("span", "word", words[outcome]), summary);
  verdict.id = "verdict";
  verdict.tabIndex = -1;
  const seen = servers.length === 0 ? "" : ` Recognised, outermost first: ${servers.join(", ")}.`;
  const parts = [
    consoleMessage === null
      ? []
      : part("What Chromium’s console says", code(consoleMessage, "Console message", "wrap")),
    outcome === "fine"
      ? []
      : part(
          `Why: ${cause}`,
          element("p", "", explanation),
          element("p", "", `To be changed by ${whose[layer]}.${seen}`),
        ),
    hidden === null
      ? []
      : part(
          `What the browser hides: ${hidden.status}`,
          code(hidden.body.trim().slice(0, 2_000) || "(an empty body)", "The hidden answer", "wrap"),
        ),
    fixes.map(drawFix),
    findings.length === 0
      ? []
      : part(
          outcome === "fine" ? "Noticed" : "Noticed besides",
          element("ul", "", ...findings.map(drawFinding)),
        ),
  ].flat();
  const whole = element(
    "details",
    "",
    element("summary", "", "What was sent and answered"),
    element("div", "head", element("span", ""), copyButton(report)),
    code(report, "The whole report"),
  );
  result.replaceChildren(verdict, ...parts, whole);
  result.hidden = false;
  verdict.focus();
}

async function submit() {
  if (ask.getAttribute("aria-disabled") === "true") return;
  const { way, ...given } = Object.fromEntries(new FormData(form));
  const question = way === "curl" ? { origin: given.origin, curl: given.curl } : { ...given, curl: "" };
  showAlert("");
  if (way === "curl" && given.curl.trim() === "") return showAlert("Paste a curl command first.", "curl");
  result.hidden = true;
  status.textContent = "Asking the server…";
  ask.setAttribute("aria-disabled", "true");
  try {
    const response = await fetch("doctor/diagnose", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
    });
    const answer = await response.json();
    if (response.ok) draw(answer);
    else showAlert(answer.message ?? answer.error.message, answer.error?.details?.path);
  } catch {
    showAlert("The doctor’s own server did not answer. Is `waybill serve` still running?");
  } finally {
    status.textContent = "";
    ask.removeAttribute("aria-disabled");
  }
}

form.addEventListener("change", showWay);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void submit();
});
showWay();
