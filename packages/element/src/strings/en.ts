/** Every sentence the element says of itself, in English. Sentences of a verdict come from the client. */
export const en = {
  // frame
  chat: "Chat",
  newConversation: "New conversation",
  conversation: "Conversation",
  greeting: "What can I help with today?",
  suggestions: "Suggestions",
  notReady: "This chat is waiting for its settings.",
  offline: "You are offline. What you write is kept here.",
  connected: "Connected.",
  opening: "Opening the conversation",
  showOlder: "Show older messages",
  latest: "Latest",

  // turns
  youSaid: "You said",
  answer: "Answer",
  images: "Images",
  files: "Files",
  openImage: (name: string) => `Open image: ${name}`,
  moreImages: (count: number) => `Show ${count} more ${count === 1 ? "image" : "images"}`,
  imageLost: (name: string) => `${name} cannot be shown`,
  aboutAnswer: "About this answer",
  copyAnswer: "Copy answer",
  dismiss: (what: string) => `Dismiss: ${what}`,
  cannotShow: (what: string) => `This version cannot show ${what}.`,
  unknownItem: (type: string) => `an item of the type “${type}”`,
  itemNames: {
    widget: "a widget",
    workflow: "the steps of the work",
    task: "a step of the work",
    structured_input: "questions",
    generated_image: "a generated image",
    client_tool_call: "a tool of this page",
  },

  // endings
  stopped: "You stopped this answer.",
  interrupted: "The server stopped before the answer was complete.",
  failed: "This answer failed before it was complete.",
  active: "This answer is still being written.",
  tryAgain: "Try again",
  checkAgain: "Check again",

  // prose
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Copying is not allowed here",
  codeLabel: (language: string, lines: number) =>
    `Code: ${language}, ${lines} ${lines === 1 ? "line" : "lines"}`,
  tableLabel: (columns: number, rows: number) =>
    `Table: ${columns} ${columns === 1 ? "column" : "columns"}, ${rows} ${rows === 1 ? "row" : "rows"}`,
  plainCode: "Text",
  imageNotLoaded: (text: string) => `Image: ${text}`,

  // composer
  writeMessage: "Write a message",
  message: "Message",
  placeholder: "Message the AI",
  send: "Send",
  sendWhenReady: "Send: this chat is not set up yet",
  sendWhenWritten: "Send: write a message first",
  sendWhenLoaded: "Send: the conversation is being opened",
  sendWhenIdle: "Wait for the answer, or stop it",
  stop: "Stop answering",
  stopNotAllowed: "This answer cannot be stopped",
  remove: (name: string) => `Remove ${name}`,
  removeQuote: "Remove the quote",
  attachmentsToSend: "Files of this message",
  locked: "This conversation is locked. You can read it, and write again when it is open.",
  closed: "This conversation is closed.",

  // error card
  howSure: "How sure: ",
  confidence: { certain: "Certain", likely: "Likely", possible: "Possible" },
  couldAlsoBe: "It could also be:",
  whatYouCanDo: "What you can do.",
  sendAgain: "Send again",
  checkConversation: "Check the conversation",
  editMessage: "Edit the message",
  copyDetails: "Copy details",
  developerDetails: "Details for the developer",
  cause: "Cause",
  request: "Request",
  from: "From",
  seen: "Seen",
  status: "HTTP status",
  code: "Error code",
  retry: "Retry",
  requestId: "Request id",
  retryRules: { safe: "safe", keyed: "with the same key only", never: "never by itself" },
  copyRequestId: "Copy request id",
  toSee: "To see what the browser sees, run:",
  copyCommand: "Copy the command",
  copyAllDetails: "Copy all details",

  // configuration
  notSetUp: "This chat is not set up yet",
  urlMissing: "The option api.url is missing, so there is no server to talk to.",
  urlInvalid: (url: string) => `The option api.url is not an http address: ${url}`,
  hostedApi: "The option api.getClientSecret names a hosted service, which this element does not talk to.",
  tellTheSite: "Tell the people who run this site. It cannot be fixed from here.",
  fixUrl: "Set api.url to the protocol route of a ChatKit server, for example https://api.example/chatkit.",
  unexpected: "This chat met something it does not understand",
  unexpectedMeaning: "What you wrote is kept.",
  unexpectedAdvice: "Try again. If it comes back, give the details to whoever runs this site.",
  notConfirmed: "The server did not confirm the message",
  notConfirmedMeaning: "It may have been stored or not. Its text is kept here.",
  notConfirmedAdvice: "Check the conversation before you send it again.",

  // announced only
  sent: "Sent.",
  stillWorking: "Still working.",
  answerContinues: "The answer continues.",
  answerComplete: "Answer complete.",
  said: (sentence: string) => `${sentence}.`,
} as const;

type Widened<Value> = Value extends string
  ? string
  : Value extends (...args: infer Args) => string
    ? (...args: Args) => string
    : { readonly [Key in keyof Value]: Widened<Value[Key]> };

/** A catalogue in some language, of the shape of the English one. */
export type Strings = Widened<typeof en>;
