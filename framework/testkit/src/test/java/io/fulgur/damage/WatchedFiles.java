package io.fulgur.damage;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The default file system, with a look before and after everything that changes a folder or opens a
 * file to write to it, and between the parts of what the system does in several: whoever looks sees
 * each state in which a process could be killed, but those between two bytes.
 */
final class WatchedFiles extends FileSystemProvider {
  private final Watcher watcher;
  private final Watched system = new Watched(this);

  /** Looks at what there is on the disk. */
  @FunctionalInterface
  interface Watcher {
    void look() throws IOException;

    /** Returns what is written through to a file that was opened. */
    default FileChannel opened(FileChannel channel) {
      return channel;
    }
  }

  /** Something that changes files. */
  @FunctionalInterface
  private interface Change<T> {
    T make() throws IOException;
  }

  private WatchedFiles(Watcher watcher) {
    this.watcher = watcher;
  }

  /** Returns a folder that is watched, with all that is in it. */
  static Path of(Path folder, Watcher watcher) {
    return new WatchedPath(new WatchedFiles(watcher).system, folder);
  }

  private <T> T watched(Change<T> change) throws IOException {
    watcher.look();
    T result = change.make();
    watcher.look();
    return result;
  }

  private static Path plain(Path path) {
    return WatchedPath.plain(path);
  }

  private static FileSystemProvider provider() {
    return FileSystems.getDefault().provider();
  }

  // ---------------------------------------------------------------- what changes files

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Change<FileChannel> open = () -> FileChannel.open(plain(path), options, attributes);
    return options.contains(StandardOpenOption.WRITE) ? watcher.opened(watched(open)) : open.make();
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Change<SeekableByteChannel> open = () -> Files.newByteChannel(plain(path), options, attributes);
    return options.contains(StandardOpenOption.WRITE) ? watched(open) : open.make();
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    watched(() -> Files.createDirectory(plain(folder), attributes));
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    watched(() -> Files.createSymbolicLink(plain(link), plain(target), attributes));
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    watched(() -> Files.createLink(plain(link), plain(existing)));
  }

  @Override
  public void delete(Path path) throws IOException {
    watched(
        () -> {
          Files.delete(plain(path));
          return path;
        });
  }

  /** Shows what there is when a copy has begun, too. */
  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    deleteIfReplaced(target, options);
    if (Files.isRegularFile(plain(source), LinkOption.NOFOLLOW_LINKS)) {
      watched(() -> Files.createFile(plain(target)));
      Files.delete(plain(target));
    }
    Files.copy(plain(source), plain(target), options);
    watcher.look();
  }

  /** Shows what there is in between if this is not atomic. */
  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    if (!List.of(options).contains(StandardCopyOption.ATOMIC_MOVE)) {
      deleteIfReplaced(target, options);
    }
    watched(() -> Files.move(plain(source), plain(target), options));
  }

  private void deleteIfReplaced(Path target, CopyOption... options) throws IOException {
    if (List.of(options).contains(StandardCopyOption.REPLACE_EXISTING)) {
      watched(() -> Files.deleteIfExists(plain(target)));
    }
  }

  // ---------------------------------------------------------------- what does not

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return new WatchedPath(system, Files.readSymbolicLink(plain(link)));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> files = provider().newDirectoryStream(plain(folder), filter);
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        Iterator<Path> each = files.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return each.hasNext();
          }

          @Override
          public Path next() {
            return new WatchedPath(system, each.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        files.close();
      }
    };
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return Files.isSameFile(plain(path), plain(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return Files.isHidden(plain(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return Files.getFileStore(plain(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    provider().checkAccess(plain(path), modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return Files.getFileAttributeView(plain(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return Files.readAttributes(plain(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return Files.readAttributes(plain(path), names, options);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    Files.setAttribute(plain(path), name, value, options);
  }

  // ---------------------------------------------------------------- what nobody asks for

  @Override
  public String getScheme() {
    return "watched";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  /** The default file system, seen through its provider. */
  static final class Watched extends FileSystem {
    private static final FileSystem PLAIN = FileSystems.getDefault();

    private final WatchedFiles provider;

    private Watched(WatchedFiles provider) {
      this.provider = provider;
    }

    @Override
    public FileSystemProvider provider() {
      return provider;
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return PLAIN.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      return PLAIN.getRootDirectories();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      return PLAIN.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return PLAIN.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
      return new WatchedPath(this, PLAIN.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
      PathMatcher plain = PLAIN.getPathMatcher(syntaxAndPattern);
      return path -> plain.matches(plain(path));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      return PLAIN.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() {
      throw new UnsupportedOperationException();
    }
  }
}
