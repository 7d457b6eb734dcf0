import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { allItems } from "../../api/pages";
import type { WebhookEvent } from "../../api/types";

const HOOKS = "/api/v1/projects/{project_id}/webhooks" as const;
const HOOK = "/api/v1/projects/{project_id}/webhooks/{hook_id}" as const;
const IS_SENT_POLL_MS = 2_000;

const inProject = (projectId: number) => ({ params: { path: { project_id: projectId } } });
const ofHook = (projectId: number, hookId: number) => ({
  params: { path: { project_id: projectId, hook_id: hookId } },
});

export const webhookKeys = {
  hooks: (projectId: number) => ["webhooks", projectId] as const,
  deliveries: (projectId: number, hookId: number) => ["webhooks", projectId, hookId] as const,
};

/** All hooks; read again while a message of one waits, as it may begin to fail or end to. */
export const webhooksQuery = (projectId: number) =>
  queryOptions({
    queryKey: webhookKeys.hooks(projectId),
    queryFn: () =>
      allItems((query) => unwrap(api.GET(HOOKS, { params: { path: { project_id: projectId }, query } }))),
    refetchInterval: (query) =>
      query.state.data?.some((hook) => hook.disabled_at === null && hook.num_pending > 0)
        ? IS_SENT_POLL_MS
        : false,
  });

/** The latest messages of a hook; read again while one waits. */
export const deliveriesQuery = (projectId: number, hookId: number) =>
  queryOptions({
    queryKey: webhookKeys.deliveries(projectId, hookId),
    queryFn: () => unwrap(api.GET(`${HOOK}/deliveries`, ofHook(projectId, hookId))),
    refetchInterval: (query) =>
      query.state.data?.items.some(({ state }) => state === "pending" || state === "sending")
        ? IS_SENT_POLL_MS
        : false,
  });

/** What an admin does to hooks; each refreshes what is shown of them. */
export function useWebhookEdits(projectId: number) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: webhookKeys.hooks(projectId) });
  const create = useMutation({
    mutationFn: (body: { url: string; events: WebhookEvent[] }) =>
      unwrap(api.POST(HOOKS, { ...inProject(projectId), body })),
    onSuccess: () => {
      rotate.reset();
      return onSuccess();
    },
  });
  const rotate = useMutation({
    mutationFn: (hookId: number) => unwrap(api.POST(`${HOOK}/secret`, ofHook(projectId, hookId))),
    onSuccess: () => {
      create.reset(); // one secret at a time is on show
      return onSuccess();
    },
  });
  const endOldSecret = useMutation({
    mutationFn: (hookId: number) => unwrap(api.DELETE(`${HOOK}/old-secret`, ofHook(projectId, hookId))),
    onSuccess,
  });
  const enable = useMutation({
    mutationFn: ({ hookId, isEnabled }: { hookId: number; isEnabled: boolean }) =>
      unwrap(api.PATCH(HOOK, { ...ofHook(projectId, hookId), body: { is_enabled: isEnabled } })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (hookId: number) => api.DELETE(HOOK, ofHook(projectId, hookId)),
    onSuccess: () => {
      create.reset(); // the secret on show may be that of the removed hook
      rotate.reset();
      return onSuccess();
    },
  });
  const test = useMutation({
    mutationFn: (hookId: number) => unwrap(api.POST(`${HOOK}/test`, ofHook(projectId, hookId))),
    onSuccess,
  });
  const sendAgain = useMutation({
    mutationFn: ({ hookId, deliveryId }: { hookId: number; deliveryId: number }) =>
      unwrap(
        api.POST(`${HOOK}/deliveries/{delivery_id}/send-again`, {
          params: { path: { project_id: projectId, hook_id: hookId, delivery_id: deliveryId } },
        }),
      ),
    onSuccess,
  });
  const error =
    rotate.error ?? endOldSecret.error ?? enable.error ?? remove.error ?? test.error ?? sendAgain.error;
  return { create, rotate, endOldSecret, enable, remove, test, sendAgain, error };
}

export type WebhookEdits = ReturnType<typeof useWebhookEdits>;
