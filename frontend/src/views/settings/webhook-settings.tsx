import { Alert, Button, Checkbox, Group, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { messageOf } from "../../api/problem";
import type { Project, WebhookEvent } from "../../api/types";
import { may } from "../../lib/permissions";
import { Failure } from "../common/failure";
import { CopyLine } from "./copy-line";
import classes from "./settings.module.css";
import { WebhookCard } from "./webhook-card";
import { useWebhookEdits, type WebhookEdits, webhooksQuery } from "./webhook-queries";

const EVENTS: readonly { value: WebhookEvent; label: string }[] = [
  { value: "labels.changed", label: "Labels changed" },
  { value: "images.removed", label: "Images are removed" },
  { value: "images.restored", label: "Images come back" },
  { value: "model.published", label: "A model is published" },
  { value: "export.ready", label: "An export is ready" },
];

/** Addresses that are told what happens in the project. */
export function WebhookSettings({ project }: { project: Project }) {
  const isAdmin = may(project.role, "editProject");
  const { data: hooks, error } = useQuery({ ...webhooksQuery(project.id), enabled: isAdmin });
  const edits = useWebhookEdits(project.id);
  const withSecret = edits.create.data ?? edits.rotate.data;
  return (
    <>
      <div>
        <h2 className={classes.title}>Webhooks</h2>
        <p className={classes.lead}>
          {isAdmin
            ? "Your programs are told at once, by a signed message, instead of asking again and again."
            : "Only admins of the project see who is told what happens in it."}
        </p>
      </div>
      {isAdmin && (
        <>
          <Failure error={error ?? edits.error} />
          <NewWebhook edits={edits} />
          {withSecret && (
            <Alert
              color="green"
              variant="light"
              title="Copy the secret now: it is not shown again. It proves that a message is ours"
            >
              <CopyLine text={withSecret.secret} testId="webhook-secret" />
            </Alert>
          )}
          {hooks?.map((hook) => (
            <WebhookCard key={hook.id} projectId={project.id} hook={hook} edits={edits} />
          ))}
        </>
      )}
    </>
  );
}

function NewWebhook({ edits: { create } }: { edits: WebhookEdits }) {
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<WebhookEvent[]>(["model.published"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ url: url.trim(), events }, { onSuccess: () => setUrl("") });
  };
  return (
    <form onSubmit={submit} aria-label="Make a webhook">
      <Group gap="xs" align="flex-end">
        <TextInput
          flex={1}
          label="New webhook"
          placeholder="https://example.org/labeler"
          type="url"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={create.error ? messageOf(create.error) : undefined}
          data-testid="webhook-url"
        />
        <Button
          type="submit"
          disabled={!url.trim() || events.length === 0}
          loading={create.isPending}
          data-testid="webhook-create"
        >
          Make
        </Button>
      </Group>
      <Checkbox.Group value={events} onChange={(value) => setEvents(value as WebhookEvent[])} mt="xs">
        <Group gap="md">
          {EVENTS.map(({ value, label }) => (
            <Checkbox key={value} size="xs" value={value} label={label} data-testid={`webhook-${value}`} />
          ))}
        </Group>
      </Checkbox.Group>
    </form>
  );
}
