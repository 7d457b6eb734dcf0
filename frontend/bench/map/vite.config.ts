/** Builds the page of the map alone: `vite build --config bench/map/vite.config.ts --outDir <folder>`. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  build: { target: "es2022", emptyOutDir: true },
  worker: { format: "es" },
});
