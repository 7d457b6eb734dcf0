import { useDocumentTitle } from "@mantine/hooks";
import { type PageTab, TabsPage } from "../common/tabs-page";
import { TokenSettings } from "../settings/token-settings";
import { EmailSettings } from "./email-settings";
import { PasswordSettings } from "./password-settings";
import { ProviderSettings } from "./provider-settings";
import { SecondFactorSettings } from "./second-factor-settings";
import { SessionSettings } from "./session-settings";

const TABS: readonly PageTab[] = [
  { id: "password", title: "Password", content: PasswordSettings },
  { id: "email", title: "E-mail", content: EmailSettings },
  { id: "second-factors", title: "Second factors", content: SecondFactorSettings },
  { id: "providers", title: "Linked accounts", content: ProviderSettings },
  { id: "sessions", title: "Sessions", content: SessionSettings },
  { id: "tokens", title: "API tokens", content: TokenSettings },
];

export default function AccountPage({ tab }: { tab: string }) {
  useDocumentTitle("Your account · Labeler");
  const crumbs = [{ title: "Projects", href: "/" }, { title: "Your account" }];
  return <TabsPage base="/account" crumbs={crumbs} tabs={TABS} tab={tab} />;
}
