import { ActionIcon, Alert, Button, Group, Select, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { keys, membersQuery } from "../../api/queries";
import type { Project, Role } from "../../api/types";
import { formatDate } from "../../lib/format";
import { may, ROLES } from "../../lib/permissions";
import { useUser } from "../session/session-gate";
import { Invitations } from "./invitations";
import classes from "./settings.module.css";

const ROLE_OPTIONS = ROLES.map(({ value, title }) => ({ value, label: title }));

function useMemberEdits(projectId: number) {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.members(projectId) });
  const path = "/api/v1/projects/{project_id}/members/{username}" as const;
  const params = (username: string) => ({ path: { project_id: projectId, username } });
  const setRole = useMutation({
    mutationFn: ({ username, role }: { username: string; role: Role }) =>
      unwrap(api.PUT(path, { params: params(username), body: { role } })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (username: string) => api.DELETE(path, { params: params(username) }),
    onSuccess,
  });
  return { setRole, remove, error: setRole.error ?? remove.error };
}

export function MemberSettings({ project }: { project: Project }) {
  const { data: members, error } = useQuery(membersQuery(project.id));
  const { username: myName } = useUser();
  const edits = useMemberEdits(project.id);
  const isReadOnly = !may(project.role, "editProject");

  return (
    <>
      <div>
        <h2 className={classes.title}>Members</h2>
        {ROLES.map(({ value, title, detail }) => (
          <p key={value} className={classes.lead}>
            <b>{title}</b> {detail}.
          </p>
        ))}
      </div>
      {(error ?? edits.error) && (
        <Alert color="red" variant="light" role="alert">
          {messageOf(error ?? edits.error)}
        </Alert>
      )}
      <div className={classes.card} data-testid="members">
        {members?.map(({ username, role, created_at }) => (
          <div key={username} className={classes.row}>
            <div className={classes.grow}>
              {username}
              {username === myName && " (you)"}
              <small>since {formatDate(created_at)}</small>
            </div>
            <Select
              w={130}
              value={role}
              data={ROLE_OPTIONS}
              disabled={isReadOnly}
              onChange={(value) => edits.setRole.mutate({ username, role: value as Role })}
              aria-label={`Role of ${username}`}
            />
            {!isReadOnly && (
              <ActionIcon aria-label={`Remove ${username}`} onClick={() => edits.remove.mutate(username)}>
                <IconTrash size={15} />
              </ActionIcon>
            )}
          </div>
        ))}
      </div>
      {!isReadOnly && <AddMember onAdd={(username, role) => edits.setRole.mutate({ username, role })} />}
      {!isReadOnly && <Invitations projectId={project.id} />}
    </>
  );
}

function AddMember({ onAdd }: { onAdd: (username: string, role: Role) => void }) {
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("annotator");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd(username.trim(), role);
    setUsername("");
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end">
        <TextInput
          flex={1}
          label="Add a member"
          placeholder="Name of an existing user"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          data-testid="member-name"
        />
        <Select
          w={130}
          value={role}
          data={ROLE_OPTIONS}
          onChange={(value) => setRole(value as Role)}
          aria-label="Role of the new member"
        />
        <Button type="submit" disabled={!username.trim()} data-testid="member-add">
          Add
        </Button>
      </Group>
    </form>
  );
}
