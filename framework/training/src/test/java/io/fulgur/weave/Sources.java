package io.fulgur.weave;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/** Classes compiled for one test, as a user's build would. */
final class Sources {
  private final Path folder;
  private final int woven;

  private Sources(Path folder, int woven) {
    this.folder = folder;
    this.woven = woven;
  }

  /**
   * Compiles classes of the package {@code user}, each given as {@code "Name", "source"}; the same
   * ones once only.
   */
  static Sources compile(Path root, List<String> options, String... namesAndSources) {
    int key = 31 * options.hashCode() + Arrays.hashCode(namesAndSources);
    Path folder = root.resolve(Integer.toHexString(key));
    if (Files.exists(folder)) {
      return new Sources(folder, 0);
    }
    try {
      Path sources = Files.createDirectories(folder.resolve("user"));
      List<String> arguments = new ArrayList<>(options);
      arguments.addAll(List.of("-d", folder.toString(), "-proc:none"));
      arguments.addAll(List.of("-classpath", System.getProperty("java.class.path")));
      for (int i = 0; i < namesAndSources.length; i += 2) {
        Path file = sources.resolve(namesAndSources[i] + ".java");
        Files.writeString(
            file,
            "package user; import io.fulgur.annotation.*; import io.fulgur.module.*;"
                + " import java.util.*; "
                + namesAndSources[i + 1]);
        arguments.add(file.toString());
      }
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (status != 0) {
        throw new AssertionError("The test's own sources do not compile");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Sources(folder, 0);
  }

  /** Returns these classes, woven by the plugin as in a build. */
  Sources weaveInBuild() {
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            new ClassFileLocator.ForFolder(folder.toFile()),
            ClassFileLocator.ForClassLoader.of(Sources.class.getClassLoader()));
    TypePool pool = TypePool.Default.of(locator);
    int changed = 0;
    try (Stream<Path> files = Files.list(folder.resolve("user"));
        HyperparameterPlugin plugin = new HyperparameterPlugin()) {
      Path target = Files.createTempDirectory(folder.getParent(), "woven");
      Files.createDirectory(target.resolve("user"));
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name = "user." + file.getFileName().toString().replace(".class", "");
        TypeDescription type = pool.describe(name).resolve();
        byte[] bytes = Files.readAllBytes(file);
        if (plugin.matches(type)) {
          bytes =
              plugin
                  .apply(new ByteBuddy().redefine(type, locator), type, locator)
                  .make()
                  .getBytes();
          changed++;
        }
        Files.write(target.resolve("user").resolve(file.getFileName()), bytes);
      }
      return new Sources(target, changed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how many classes the build's weaving changed. */
  int woven() {
    return woven;
  }

  /** Returns the bytes of a class of the package {@code user}. */
  byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file("user." + name));
  }

  /** Returns a loader of the classes as they are. */
  ClassLoader loader() {
    try {
      return new URLClassLoader(new URL[] {folder.toUri().toURL()}, Sources.class.getClassLoader());
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a loader that passes the classes through the agent's transformer. */
  ClassLoader weavingLoader() {
    WeavingTransformer transformer = new WeavingTransformer();
    return new ClassLoader(Sources.class.getClassLoader()) {
      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
          byte[] bytes = Files.readAllBytes(file(name));
          byte[] woven = transformer.transform(this, name.replace('.', '/'), null, null, bytes);
          byte[] used = woven == null ? bytes : woven;
          return defineClass(name, used, 0, used.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }

      @Override
      public URL getResource(String name) {
        Path resource = folder.resolve(name);
        try {
          return Files.exists(resource) ? resource.toUri().toURL() : super.getResource(name);
        } catch (MalformedURLException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public InputStream getResourceAsStream(String name) {
        try {
          URL resource = getResource(name);
          return resource == null ? null : resource.openStream();
        } catch (IOException e) {
          return null;
        }
      }
    };
  }

  private Path file(String name) {
    return folder.resolve(name.replace('.', '/') + ".class");
  }
}
