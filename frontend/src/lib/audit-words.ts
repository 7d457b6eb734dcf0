/** Entries of the audit log in words. An action that is not known here is shown as it is. */

import { formatCount, formatPlural } from "./format";

type Detail = Record<string, unknown>;

const WORDS: Record<string, (detail: Detail) => string> = {
  "member.set": ({ username, role }) => `made ${username} ${role}`,
  "member.remove": ({ username }) => `took ${username} out of the project`,
  "invitation.create": ({ role }) => `made an invitation as ${role}`,
  "invitation.revoke": () => "revoked an invitation",
  "invitation.accept": ({ role }) => `joined by invitation as ${role}`,
  "project.update": ({ settings }) => `changed ${listOf(settings)}`,
  "project.archive": () => "archived the project",
  "images.remove": ({ num_images, num_labelled }) =>
    `removed ${imagesOf(num_images)}, ${formatCount(Number(num_labelled))} of them labelled`,
  "images.restore": ({ num_images }) => `brought ${imagesOf(num_images)} back`,
  "webhook.create": ({ url }) => `made the webhook ${url}`,
  "webhook.update": ({ id }) => `changed webhook ${id}`,
  "webhook.rotate_secret": ({ url }) => `gave the webhook ${url} a new secret`,
  "webhook.end_old_secret": ({ url }) => `ended the old secret of the webhook ${url}`,
  "webhook.delete": ({ url }) => `removed the webhook ${url}`,
  "user.create": ({ username }) => `made the account ${username}`,
  "user.update": userUpdate,
  "user.reset_link": ({ username }) => `made a reset link for ${username}`,
  "user.remove_second_factors": ({ username }) => `took the second factors off ${username}`,
};

export function auditWords(action: string, detail: Detail): string {
  const words = WORDS[action];
  if (words) return words(detail);
  const more = Object.entries(detail).map(([name, value]) => `${name} ${String(value)}`);
  return more.length > 0 ? `${action} (${more.join(", ")})` : action;
}

const imagesOf = (count: unknown) => formatPlural(Number(count), "image");

function userUpdate({ username, is_active, is_staff }: Detail): string {
  const done: string[] = [];
  if (is_active !== undefined) done.push(is_active ? "opened" : "closed");
  if (is_staff !== undefined) done.push(is_staff ? "made site staff" : "took site staff's rights from");
  return `${done.join(" and ")} ${username}`;
}

function listOf(names: unknown): string {
  return Array.isArray(names)
    ? names.map((name) => String(name).replaceAll("_", " ")).join(", ")
    : "settings";
}
