# A static program in an image that holds nothing else but the public certificates.
#
#   docker build --tag guichet .
#   docker run --rm guichet --version

FROM rust:1.94-alpine AS build
# For the C in SQLite, ring and mimalloc.
RUN apk add --no-cache musl-dev gcc make perl
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --package guichet \
    && cp target/release/guichet /guichet
# Where SQLite and a secret of one's own machine live, when nothing else is set.
RUN mkdir -p /empty/data

# No shell, no package manager; the user is 65532, the certificates of public authorities are there.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /guichet /usr/local/bin/guichet
COPY --from=build --chown=nonroot:nonroot /empty/data /var/lib/guichet/data
WORKDIR /var/lib/guichet
VOLUME /var/lib/guichet/data
ENV GUICHET_LISTEN=0.0.0.0:3000
EXPOSE 3000
USER nonroot
# /readyz of where `listen` says: the image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["guichet", "healthcheck"]
ENTRYPOINT ["guichet"]
CMD ["serve"]
