import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const BACKEND = process.env.BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  // The server keeps the built files under /static/ and answers every other page address with index.html.
  base: command === "build" ? "/static/" : "/",
  plugins: [react()],
  build: { outDir: "dist", assetsDir: "assets", manifest: true, target: "es2022", assetsInlineLimit: 0 },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: BACKEND },
      "/ws": { target: BACKEND, ws: true },
    },
  },
  worker: { format: "es" },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
}));
