// Reads server-sent events from a response: named ones without knowing their names, and comments, which are heartbeats.

/** Yields {name, id, data}; a comment yields empty strings, as a sign of life. */
export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = { name: "", id: "", data: "" };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (event.data || event.id || event.name) yield event;
          event = { name: "", id: "", data: "" };
        } else if (line.startsWith(":")) {
          yield { name: "", id: "", data: "" };
        } else {
          event = add(event, line);
        }
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function add(event, line) {
  const cut = line.indexOf(":");
  const field = cut < 0 ? line : line.slice(0, cut);
  const value = cut < 0 ? "" : line.slice(cut + 1).replace(/^ /, "");
  if (field === "event") return { ...event, name: value };
  if (field === "id") return { ...event, id: value };
  if (field === "data") return { ...event, data: event.data ? `${event.data}\n${value}` : value };
  return event;
}
