import { ActionIcon, Button, CopyButton, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconBookmark, IconCheck, IconLink, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { currentLink, show } from "../../state/address";
import { addSavedView, readSavedViews, removeSavedView, type SavedView } from "../../state/saved-views";
import { defaultView } from "../../state/view";
import { useProject } from "./project-context";
import classes from "./saved-views.module.css";

/** The view under a name, to come back to; and its link, for others. */
export function SavedViews() {
  const { session, project } = useProject();
  const [views, setViews] = useState<readonly SavedView[]>(() =>
    readSavedViews(session.projectId, window.localStorage),
  );
  const [name, setName] = useState("");
  const link = () => currentLink(session.view, session.filter, defaultView(project.retention));
  const save = () => {
    if (!name.trim()) return;
    const saved = { name: name.trim(), search: link() };
    setViews(addSavedView(session.projectId, saved, window.localStorage));
    setName("");
  };
  return (
    <section className={classes.views} aria-label="Saved views">
      {views.length > 0 && (
        <ul className={classes.list}>
          {views.map((view) => (
            <li key={view.name} className={classes.view}>
              <UnstyledButton
                className="truncate"
                onClick={() => show(view.search, session.view, session.filter)}
                data-testid={`view-${view.name}`}
              >
                <IconBookmark size={13} /> {view.name}
              </UnstyledButton>
              <ActionIcon
                size="xs"
                aria-label={`Forget ${view.name}`}
                onClick={() => setViews(removeSavedView(session.projectId, view.name, window.localStorage))}
              >
                <IconX size={12} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <div className={classes.save}>
        <TextInput
          placeholder="Name this view"
          aria-label="Name this view"
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && save()}
          data-testid="view-name"
        />
        <Button variant="default" disabled={!name.trim()} onClick={save} data-testid="view-save">
          Save
        </Button>
        <CopyButton value={`${window.location.origin}/projects/${session.projectId}?${link()}`}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? "Copied" : "Copy a link to this view"}>
              <ActionIcon onClick={copy} aria-label="Copy a link to this view" data-testid="view-link">
                {copied ? <IconCheck size={15} /> : <IconLink size={15} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
    </section>
  );
}
