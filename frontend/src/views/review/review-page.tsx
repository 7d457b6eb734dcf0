/** The Review page: opens the project's session and shows the screen. */
import { useDocumentTitle } from "@mantine/hooks";
import { WithProject } from "../confirm/with-project";
import { ReviewScreen } from "./review-screen";

export default function ReviewPage({ projectId, what }: { projectId: number; what: string | null }) {
  useDocumentTitle("Review · Labeler");
  return (
    <WithProject projectId={projectId}>
      <ReviewScreen what={what === "disagreements" ? "disagreements" : "suspects"} />
    </WithProject>
  );
}
