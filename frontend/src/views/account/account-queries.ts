import { queryOptions } from "@tanstack/react-query";
import { account, signInApi } from "../../api/sign-in";

export const accountKeys = {
  authenticators: ["account", "authenticators"] as const,
  emails: ["account", "emails"] as const,
  providers: ["account", "providers"] as const,
  sessions: ["account", "sessions"] as const,
};

export const authenticatorsQuery = queryOptions({
  queryKey: accountKeys.authenticators,
  queryFn: async () =>
    (await account(() => signInApi.GET("/api/auth/browser/v1/account/authenticators"))).data,
});

export const emailsQuery = queryOptions({
  queryKey: accountKeys.emails,
  queryFn: async () => (await account(() => signInApi.GET("/api/auth/browser/v1/account/email"))).data,
});

export const providersQuery = queryOptions({
  queryKey: accountKeys.providers,
  queryFn: async () => (await account(() => signInApi.GET("/api/auth/browser/v1/account/providers"))).data,
});

export const sessionsQuery = queryOptions({
  queryKey: accountKeys.sessions,
  queryFn: async () => (await account(() => signInApi.GET("/api/auth/browser/v1/auth/sessions"))).data,
});

/** Times of django-allauth are seconds since 1970. */
export const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
