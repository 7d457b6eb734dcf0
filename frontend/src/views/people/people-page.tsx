import { useDocumentTitle } from "@mantine/hooks";
import { AuditLog } from "../common/audit-log";
import { NotFoundScreen } from "../common/states";
import { type PageTab, TabsPage } from "../common/tabs-page";
import { useUser } from "../session/session-gate";
import classes from "../settings/settings.module.css";
import { PeopleList } from "./people-list";

const TABS: readonly PageTab[] = [
  { id: "accounts", title: "Accounts", content: PeopleList },
  { id: "audit-log", title: "Audit log", content: SiteAuditLog },
];

/** For site staff: who has an account, and what admins did. */
export default function PeoplePage({ tab }: { tab: string }) {
  useDocumentTitle("People · Labeler");
  const { is_staff } = useUser();
  if (!is_staff) return <NotFoundScreen />;
  const crumbs = [{ title: "Projects", href: "/" }, { title: "People" }];
  return <TabsPage base="/people" crumbs={crumbs} tabs={TABS} tab={tab} />;
}

function SiteAuditLog() {
  return (
    <>
      <div>
        <h2 className={classes.title}>Audit log</h2>
        <p className={classes.lead}>
          What admins did to people and settings, on the site and in every project.
        </p>
      </div>
      <AuditLog projectId={null} />
    </>
  );
}
