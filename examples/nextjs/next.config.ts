import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // No page of this application belongs into a frame of another one. What Guichet answers has headers of its own.
  headers: async () => [
    {
      source: "/((?!api/auth/).*)",
      headers: [
        { key: "x-frame-options", value: "DENY" },
        { key: "x-content-type-options", value: "nosniff" },
        { key: "referrer-policy", value: "same-origin" },
      ],
    },
  ],
};

export default config;
