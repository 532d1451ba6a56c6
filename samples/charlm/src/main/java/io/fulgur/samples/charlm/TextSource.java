package io.fulgur.samples.charlm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Where the text comes from: a download that is checked, and kept for the next time. */
final class TextSource {
  private final URI address;
  private final String sha256;
  private final Path cached;

  /** Parts of Shakespeare's plays, 1.1 MB, in the public domain. */
  static final TextSource TINY_SHAKESPEARE =
      new TextSource(
          URI.create(
              "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"),
          "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
          Path.of(System.getProperty("user.home"), ".cache", "fulgur", "tinyshakespeare.txt"));

  TextSource(URI address, String sha256, Path cached) {
    this.address = address;
    this.sha256 = sha256;
    this.cached = cached;
  }

  /**
   * Returns the text, downloaded unless it was before.
   *
   * @throws UncheckedIOException if it cannot be fetched, or is not the text that was expected
   */
  String read() {
    try {
      if (!Files.exists(cached)) {
        download();
      }
      return Files.readString(cached);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot get the text from %s: %s. With --text FILE any text of yours is taken instead."
              .formatted(address, e),
          e);
    }
  }

  private void download() throws IOException {
    byte[] bytes = fetch();
    String found = sha256(bytes);
    if (!found.equals(sha256)) {
      throw new IOException("its SHA-256 is " + found + " where " + sha256 + " was expected");
    }
    Files.createDirectories(cached.toAbsolutePath().getParent());
    // Under another name first, so that a download that breaks off leaves no half of a text.
    Path part = Files.createTempFile(cached.toAbsolutePath().getParent(), "download", ".part");
    Files.write(part, bytes);
    Files.move(part, cached, StandardCopyOption.REPLACE_EXISTING);
  }

  private byte[] fetch() throws IOException {
    if ("file".equals(address.getScheme())) {
      return Files.readAllBytes(Path.of(address));
    }
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    try {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException("the server answered with status " + response.statusCode());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
