import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { useState } from "react";
import { createRoot } from "react-dom/client";

function App() {
  const [events, setEvents] = useState([]);
  const heard = (name) => () => setEvents((before) => [...before, name]);
  const chat = useChatKit({
    api: { url: "/chatkit", domainKey: "local" },
    onReady: heard("ready"),
    onResponseStart: heard("response.start"),
    onResponseEnd: heard("response.end"),
    onThreadChange: ({ threadId }) => setEvents((before) => [...before, `thread ${threadId}`]),
    onHistoryOpen: heard("history.open"),
    onHistoryClose: heard("history.close"),
    onEffect: ({ name }) => setEvents((before) => [...before, `effect ${name}`]),
    onError: heard("error"),
  });
  const act = (label, run) => (
    <button type="button" onClick={() => void run()}>
      {label}
    </button>
  );
  return (
    <>
      {act("Ask", () => chat.sendUserMessage({ text: "From React" }))}
      {act("Write", () => chat.setComposerValue({ text: "Draft" }))}
      {act("Focus", () => chat.focusComposer())}
      {act("Show", () => chat.showHistory())}
      {act("Hide", () => chat.hideHistory())}
      {act("Act", () => chat.sendCustomAction({ type: "refresh" }))}
      {act("Update", () => chat.fetchUpdates())}
      {act("New", () => chat.setThreadId(null))}
      <output>{events.join(", ")}</output>
      <ChatKit control={chat.control} style={{ blockSize: 480 }} />
    </>
  );
}

createRoot(document.querySelector("#root")).render(<App />);
