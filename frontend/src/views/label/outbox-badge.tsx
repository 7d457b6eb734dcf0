import { Tooltip, UnstyledButton } from "@mantine/core";
import { useStore } from "zustand";
import type { ConnectionState } from "../../api/socket";
import { formatCount } from "../../lib/format";
import type { OutboxState } from "../../state/outbox";
import classes from "./outbox-badge.module.css";
import { useProject } from "./project-context";

interface Badge {
  tone: "good" | "busy" | "warn";
  text: string;
  detail: string;
}

/** What the badge says of the outbox and the line. */
export function badgeOf({ status, numWaiting, isStored }: OutboxState, connection: ConnectionState): Badge {
  const count = formatCount(numWaiting);
  if (!isStored && numWaiting > 0) {
    return {
      tone: "warn",
      text: `${count} not stored`,
      detail: "This browser stores nothing: keep the tab open until all is saved.",
    };
  }
  if (status === "signed-out") {
    return { tone: "warn", text: `Signed out · ${count} waiting`, detail: "Sign in again; nothing is lost." };
  }
  if (status === "offline") {
    return {
      tone: "warn",
      text: `Offline · ${count} waiting`,
      detail:
        "Labels are kept in this browser and sent when the server is back. You can go on, or close the tab.",
    };
  }
  if (status === "saving")
    return { tone: "busy", text: `Saving ${count}`, detail: "On the way to the server." };
  if (connection === "closed" || connection === "connecting") {
    return {
      tone: "busy",
      text: "Saved · reconnecting",
      detail: "Changes of others come in when the line is back.",
    };
  }
  return { tone: "good", text: "All saved", detail: "The server has every label you gave." };
}

export function OutboxBadge() {
  const { session } = useProject();
  const outbox = useStore(session.sync.outboxState);
  const connection = useStore(session.live, (live) => live.connection);
  const { tone, text, detail } = badgeOf(outbox, connection);
  return (
    <div className={classes.place} role="status">
      <Tooltip label={detail} multiline maw={300}>
        <UnstyledButton
          className={`${classes.badge} num`}
          data-tone={tone}
          onClick={() => session.sync.sendNow()}
          data-testid="outbox"
          data-status={outbox.status}
          data-waiting={outbox.numWaiting}
        >
          <i /> {text}
        </UnstyledButton>
      </Tooltip>
    </div>
  );
}
