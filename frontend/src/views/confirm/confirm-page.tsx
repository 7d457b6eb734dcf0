/** The Confirm page: reads the project and its classes, opens the session, and shows the screen. */
import { useDocumentTitle } from "@mantine/hooks";
import { ConfirmScreen } from "./confirm-screen";
import { WithProject } from "./with-project";

export default function ConfirmPage({ projectId, what }: { projectId: number; what: string | null }) {
  useDocumentTitle("Confirm · Labeler");
  return (
    <WithProject projectId={projectId}>
      <ConfirmScreen what={what} />
    </WithProject>
  );
}
