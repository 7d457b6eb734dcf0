import { Alert, Badge, Button, Group, Menu, TextInput } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../api/client";
import { UserInLimits } from "../../api/limits.gen";
import { allItems } from "../../api/pages";
import { messageOf } from "../../api/problem";
import { byUsername, keys } from "../../api/queries";
import type { Person } from "../../api/types";
import { formatAgo, formatPlural } from "../../lib/format";
import { Failure } from "../common/failure";
import { CopyLine } from "../settings/copy-line";
import classes from "../settings/settings.module.css";

function usePeopleEdits() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: keys.people });
  const of = (username: string) => ({ params: { path: { username } } });
  const create = useMutation({
    mutationFn: async (body: { username: string; email: string }) => {
      await unwrap(api.POST("/api/v1/users", { body }));
      await resetLink.mutateAsync(body.username);
    },
    onSuccess,
  });
  const update = useMutation({
    mutationFn: ({ username, ...body }: { username: string; is_active?: boolean; is_staff?: boolean }) =>
      unwrap(api.PATCH("/api/v1/users/{username}", { ...of(username), body })),
    onSuccess,
  });
  const removeFactors = useMutation({
    mutationFn: (username: string) => api.DELETE("/api/v1/users/{username}/second-factors", of(username)),
    onSuccess,
  });
  const resetLink = useMutation({
    mutationFn: async (username: string) => {
      const link = await unwrap(api.POST("/api/v1/users/{username}/reset-link", of(username)));
      return { username, ...link };
    },
  });
  return { create, update, removeFactors, resetLink };
}

type PeopleEdits = ReturnType<typeof usePeopleEdits>;

/** Every account of the site, and what staff may do to one. */
export function PeopleList() {
  const { data: people, error } = useQuery({
    queryKey: keys.people,
    queryFn: async () => {
      const people = await allItems((query) => unwrap(api.GET("/api/v1/users", { params: { query } })));
      return people.sort(byUsername);
    },
  });
  const edits = usePeopleEdits();
  const link = edits.resetLink.data;
  return (
    <>
      <div>
        <h2 className={classes.title}>Accounts</h2>
        <p className={classes.lead}>
          Most people come through an invitation of a project. An account made here gets a link with which its
          owner sets a password.
        </p>
      </div>
      <Failure error={error ?? edits.update.error ?? edits.removeFactors.error ?? edits.resetLink.error} />
      <NewPerson edits={edits} />
      {link && (
        <Alert
          color="green"
          variant="light"
          title={`Give this link to ${link.username} alone: it sets a new password, once, for ${link.expires_in_hours} hours`}
        >
          <CopyLine text={`${window.location.origin}${link.path}`} testId="reset-link" />
        </Alert>
      )}
      <div className={classes.card} data-testid="people">
        {people?.map((person) => (
          <PersonRow key={person.id} person={person} edits={edits} />
        ))}
      </div>
    </>
  );
}

function PersonRow({ person, edits }: { person: Person; edits: PeopleEdits }) {
  const { username, email, is_active, is_staff, last_login, num_second_factors, num_projects } = person;
  const seen = last_login ? `signed in ${formatAgo(last_login, new Date())}` : "never signed in";
  return (
    <div className={classes.row}>
      <div className={classes.grow}>
        {username}
        <small className="num">
          {email && `${email} · `}
          {formatPlural(num_projects, "project")} · {seen}
        </small>
      </div>
      {!is_active && <Badge color="red">closed</Badge>}
      {is_staff && <Badge color="gray">site staff</Badge>}
      {num_second_factors > 0 && <Badge color="green">second factor</Badge>}
      <Menu width={230} position="bottom-end">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-label={`What to do with ${username}`}
            data-testid={`person-menu-${username}`}
          >
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            disabled={!is_active}
            onClick={() => edits.resetLink.mutate(username)}
            data-testid="make-reset-link"
          >
            Make a reset link
          </Menu.Item>
          <Menu.Item disabled={num_second_factors === 0} onClick={() => edits.removeFactors.mutate(username)}>
            Take off second factors
          </Menu.Item>
          <Menu.Item onClick={() => edits.update.mutate({ username, is_staff: !is_staff })}>
            {is_staff ? "Take site staff's rights" : "Make site staff"}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            {...(is_active ? { color: "red" } : {})}
            onClick={() => edits.update.mutate({ username, is_active: !is_active })}
          >
            {is_active ? "Close the account" : "Open the account"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function NewPerson({ edits }: { edits: PeopleEdits }) {
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edits.create.mutate(
      { username: username.trim(), email: email.trim() },
      {
        onSuccess: () => {
          setUsername("");
          setEmail("");
        },
      },
    );
  };
  return (
    <form onSubmit={submit} aria-label="Make an account">
      <Group gap="xs" align="flex-end">
        <TextInput
          flex={1}
          label="New account"
          placeholder="Name"
          value={username}
          maxLength={UserInLimits.username.maxLength}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={edits.create.error ? messageOf(edits.create.error) : undefined}
          data-testid="person-name"
        />
        <TextInput
          flex={1}
          type="email"
          placeholder="E-mail, if you like"
          aria-label="E-mail of the new account"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button
          type="submit"
          disabled={!username.trim()}
          loading={edits.create.isPending}
          data-testid="person-create"
        >
          Make
        </Button>
      </Group>
    </form>
  );
}
