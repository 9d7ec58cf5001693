import { useState } from "react";
import { Button, Text, hubspot } from "@hubspot/ui-extensions";

hubspot.extend(({ context, actions }) => <ChatpaneCard record={context.crm} open={actions.openIframeModal} />);

function ChatpaneCard({ record, open }) {
  const [problem, setProblem] = useState("");

  async function show() {
    const { objectTypeId, objectId } = record;
    const answer = await hubspot.fetch("https://link.example.com/chatpane-link", {
      method: "POST",
      body: { objectTypeId, objectId },
    });
    if (!answer.ok) return setProblem(`No link: ${await answer.text()}`);
    const { url, token } = await answer.json();
    setProblem("");
    open({ uri: `${url}?token=${token}`, title: "Website chat", width: 900, height: 700 });
  }

  return (
    <>
      <Button onClick={show}>Show website chat</Button>
      {problem && <Text>{problem}</Text>}
    </>
  );
}
