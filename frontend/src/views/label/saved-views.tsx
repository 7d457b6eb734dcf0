import { ActionIcon, Button, CopyButton, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconBookmark, IconCheck, IconLink, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../api/client";
import { SavedViewInLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import { keys, savedViewsQuery } from "../../api/queries";
import { currentLink, show } from "../../state/address";
import { defaultView } from "../../state/view";
import { useProject } from "./project-context";
import classes from "./saved-views.module.css";

/** The view under a name, to come back to on any machine; and its link, for others. */
export function SavedViews() {
  const { session, project } = useProject();
  const { projectId } = session;
  const queryClient = useQueryClient();
  const { data: views, error } = useQuery(savedViewsQuery(projectId));
  const [name, setName] = useState("");
  const link = () => currentLink(session, defaultView(project.retention));
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.savedViews(projectId) });
  const save = useMutation({
    mutationFn: (body: { name: string; search: string }) =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/saved-views", {
          params: { path: { project_id: projectId } },
          body,
        }),
      ),
    onSuccess: () => {
      setName("");
      return onSuccess();
    },
  });
  const forget = useMutation({
    mutationFn: (viewId: number) =>
      unwrap(
        api.DELETE("/api/v1/projects/{project_id}/saved-views/{view_id}", {
          params: { path: { project_id: projectId, view_id: viewId } },
        }),
      ),
    onSuccess,
  });
  const failure = save.error ?? forget.error ?? error;
  const saveNow = () => name.trim() && save.mutate({ name: name.trim(), search: link() });
  return (
    <section className={classes.views} aria-label="Saved views">
      {views && views.length > 0 && (
        <ul className={classes.list}>
          {views.map((view) => (
            <li key={view.id} className={classes.view}>
              <UnstyledButton
                className="truncate"
                onClick={() => show(view.search, session)}
                data-testid={`view-${view.name}`}
              >
                <IconBookmark size={13} /> {view.name}
              </UnstyledButton>
              <ActionIcon size="xs" aria-label={`Forget ${view.name}`} onClick={() => forget.mutate(view.id)}>
                <IconX size={12} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {failure && (
        <p className={classes.failure} role="alert">
          {messageOf(failure)}
        </p>
      )}
      <div className={classes.save}>
        <TextInput
          placeholder="Name this view"
          aria-label="Name this view"
          value={name}
          maxLength={SavedViewInLimits.name.maxLength}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && saveNow()}
          data-testid="view-name"
        />
        <Button
          variant="default"
          disabled={!name.trim()}
          loading={save.isPending}
          onClick={saveNow}
          data-testid="view-save"
        >
          Save
        </Button>
        <CopyButton value={`${window.location.origin}/projects/${projectId}?${link()}`}>
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
