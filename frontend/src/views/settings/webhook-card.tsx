import { ActionIcon, Badge, Button, Tooltip } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Webhook, WebhookDelivery } from "../../api/types";
import { formatDateTime, formatPlural } from "../../lib/format";
import { Failure } from "../common/failure";
import classes from "./settings.module.css";
import { deliveriesQuery, type WebhookEdits } from "./webhook-queries";

const STATE_COLOURS: Record<WebhookDelivery["state"], string> = {
  pending: "gray",
  sending: "gray",
  delivered: "green",
  failed: "red",
};

const STATE_WORDS: Record<WebhookDelivery["state"], string> = {
  pending: "waits",
  sending: "sending",
  delivered: "delivered",
  failed: "given up",
};

interface WebhookCardProps {
  projectId: number;
  hook: Webhook;
  edits: WebhookEdits;
}

/** One hook with what was sent to it. */
export function WebhookCard({ projectId, hook, edits }: WebhookCardProps) {
  const { data: page, error } = useQuery(deliveriesQuery(projectId, hook.id));
  const isEnabled = hook.disabled_at === null;
  return (
    <section className={classes.card} aria-label={hook.url} data-testid="webhook">
      <div className={classes.row}>
        <div className={classes.grow}>
          <b className={classes.address}>{hook.url}</b>
          <small>{hook.events.join(" · ")}</small>
          {!isEnabled && <small>{hook.disabled_reason}</small>}
          {isEnabled && hook.failing_since && (
            <small>Failing since {formatDateTime(hook.failing_since)}</small>
          )}
          {hook.old_secret_until && (
            <small>Signed with the old secret, too, until {formatDateTime(hook.old_secret_until)}</small>
          )}
        </div>
        {!isEnabled && <Badge color="red">disabled</Badge>}
        {isEnabled && hook.failing_since && <Badge color="yellow">failing</Badge>}
        <Button
          size="compact-sm"
          variant="default"
          disabled={!isEnabled}
          onClick={() => edits.test.mutate(hook.id)}
          data-testid="webhook-test"
        >
          Send a test
        </Button>
        <SecretButton hook={hook} edits={edits} />
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => edits.enable.mutate({ hookId: hook.id, isEnabled: !isEnabled })}
        >
          {isEnabled ? "Disable" : "Enable"}
        </Button>
        <Tooltip label="Remove, with what still waits">
          <ActionIcon aria-label={`Remove ${hook.url}`} onClick={() => edits.remove.mutate(hook.id)}>
            <IconTrash size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Failure error={error} />
      {page?.items.slice(0, 10).map((delivery) => (
        <DeliveryRow
          key={delivery.id}
          delivery={delivery}
          onSendAgain={
            isEnabled ? () => edits.sendAgain.mutate({ hookId: hook.id, deliveryId: delivery.id }) : undefined
          }
        />
      ))}
    </section>
  );
}

/** Makes a new secret; while the old one signs too, ends it instead. */
function SecretButton({ hook, edits }: { hook: Webhook; edits: WebhookEdits }) {
  const hasOld = hook.old_secret_until !== null;
  const { mutate, isPending } = hasOld ? edits.endOldSecret : edits.rotate;
  const explanation = hasOld
    ? "Receivers that still know the old secret only will refuse messages"
    : "For 24 hours messages are signed with the old one, too";
  return (
    <Tooltip label={explanation}>
      <Button
        size="compact-sm"
        variant="default"
        loading={isPending}
        onClick={() => mutate(hook.id)}
        data-testid="webhook-new-secret"
      >
        {hasOld ? "End the old secret" : "New secret"}
      </Button>
    </Tooltip>
  );
}

interface DeliveryRowProps {
  delivery: WebhookDelivery;
  onSendAgain: (() => void) | undefined;
}

function DeliveryRow({ delivery, onSendAgain }: DeliveryRowProps) {
  const { event, state, num_attempts, next_attempt_at, response_status, response_ms, response_text } =
    delivery;
  const isFailing = state === "pending" && num_attempts > 0;
  const isOver = state === "delivered" || state === "failed";
  const tries = num_attempts > 1 ? ` · ${formatPlural(num_attempts, "try", "tries")}` : "";
  const next = !isOver && next_attempt_at ? ` · next try at ${formatDateTime(next_attempt_at)}` : "";
  const answer = response_status === null ? response_text : `${response_status} in ${response_ms} ms`;
  return (
    <div className={classes.row} data-testid="delivery">
      <div className={classes.grow} title={response_text}>
        {event}
        <small className="num">
          {formatDateTime(delivery.created_at)}
          {answer && ` · ${answer}`}
          {tries}
          {next}
        </small>
      </div>
      <Badge color={isFailing ? "yellow" : STATE_COLOURS[state]}>{STATE_WORDS[state]}</Badge>
      {isOver && onSendAgain ? (
        <Tooltip label="Send again">
          <ActionIcon
            aria-label={`Send ${event} of ${formatDateTime(delivery.created_at)} again`}
            onClick={onSendAgain}
          >
            <IconRefresh size={15} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <span className={classes.noAction} />
      )}
    </div>
  );
}
