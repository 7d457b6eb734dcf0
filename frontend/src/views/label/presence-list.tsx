import { Tooltip } from "@mantine/core";
import { useStore } from "zustand";
import { useUser } from "../session/session-gate";
import classes from "./presence-list.module.css";
import { useProject } from "./project-context";

const MAX_SHOWN = 4;

/** Who else has the project open. */
export function PresenceList() {
  const { session } = useProject();
  const { username } = useUser();
  const users = useStore(session.live, (live) => live.users);
  const others = users.filter((name) => name !== username);
  if (others.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Also here" data-testid="presence">
      {others.slice(0, MAX_SHOWN).map((name) => (
        <Tooltip key={name} label={`${name} is here too`}>
          <li className={classes.avatar}>{name.slice(0, 1).toUpperCase()}</li>
        </Tooltip>
      ))}
      {others.length > MAX_SHOWN && <li className={classes.avatar}>+{others.length - MAX_SHOWN}</li>}
    </ul>
  );
}
