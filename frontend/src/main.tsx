import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./global.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { watchOpenLayers } from "./lib/open-layers";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root element");
watchOpenLayers();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
