import { ActionIcon, Alert, Badge, Button, Group, Select, Text, Tooltip } from "@mantine/core";
import { IconLink, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { invitationsQuery, keys } from "../../api/queries";
import type { Role } from "../../api/types";
import { formatDate } from "../../lib/format";
import { ROLES } from "../../lib/permissions";
import { CopyLine } from "./copy-line";
import classes from "./settings.module.css";

const ROLE_OPTIONS = ROLES.map(({ value, title }) => ({ value, label: title }));
const inProject = (projectId: number) => ({ params: { path: { project_id: projectId } } });

/** Links that let people join: one to make, and those still open. Admins only. */
export function Invitations({ projectId }: { projectId: number }) {
  const queryClient = useQueryClient();
  const [role, setRole] = useState<Role>("annotator");
  const { data: open, error } = useQuery(invitationsQuery(projectId));
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.invitations(projectId) });
  const create = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/invitations", {
          ...inProject(projectId),
          body: { role, expires_in_days: 7 },
        }),
      ),
    onSuccess: refresh,
  });
  const revoke = useMutation({
    mutationFn: (invitationId: number) =>
      api.DELETE("/api/v1/projects/{project_id}/invitations/{invitation_id}", {
        params: { path: { project_id: projectId, invitation_id: invitationId } },
      }),
    onSuccess: () => {
      create.reset(); // the link on show may be the one that was revoked
      return refresh();
    },
  });
  const failure = error ?? create.error ?? revoke.error;
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        Invite by link
      </Text>
      <Text size="xs" c="dimmed" mb={8}>
        Whoever opens the link first joins with this role, with an account or without. It works once, for a
        week.
      </Text>
      {failure && (
        <Alert color="red" variant="light" role="alert" mb="sm">
          {messageOf(failure)}
        </Alert>
      )}
      <Group gap="xs" mb="sm">
        <Select
          w={130}
          value={role}
          data={ROLE_OPTIONS}
          allowDeselect={false}
          onChange={(value) => setRole(value as Role)}
          aria-label="Role of who is invited"
        />
        <Button
          variant="default"
          leftSection={<IconLink size={15} />}
          loading={create.isPending}
          onClick={() => create.mutate()}
          data-testid="invitation-create"
        >
          Make a link
        </Button>
      </Group>
      {create.data && (
        <Alert color="green" variant="light" title="Copy the link now: it is not shown again" mb="sm">
          <CopyLine text={`${window.location.origin}${create.data.path}`} testId="invitation-link" />
        </Alert>
      )}
      {open && open.length > 0 && (
        <div className={classes.card} data-testid="invitations">
          {open.map((invitation) => (
            <div key={invitation.id} className={classes.row}>
              <div className={classes.grow}>
                Open invitation
                <small className="num">
                  made {formatDate(invitation.created_at)} · ends {formatDate(invitation.expires_at)}
                </small>
              </div>
              <Badge color="gray">{invitation.role}</Badge>
              <Tooltip label="Revoke: the link stops working">
                <ActionIcon
                  aria-label={`Revoke the invitation of ${formatDate(invitation.created_at)}`}
                  onClick={() => revoke.mutate(invitation.id)}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              </Tooltip>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
