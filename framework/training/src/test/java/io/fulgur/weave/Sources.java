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

  private Sources(Path folder) {
    this.folder = folder;
  }

  /** Compiles classes of the package {@code user}, each given as {@code "Name", "source"}. */
  static Sources compile(Path folder, List<String> options, String... namesAndSources) {
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
    return new Sources(folder);
  }

  /** Weaves all classes as a build does, with the plugin, and returns how many it changed. */
  int weaveInBuild() {
    int woven = 0;
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            new ClassFileLocator.ForFolder(folder.toFile()),
            ClassFileLocator.ForClassLoader.of(Sources.class.getClassLoader()));
    TypePool pool = TypePool.Default.of(locator);
    try (Stream<Path> files = Files.walk(folder);
        HyperparameterPlugin plugin = new HyperparameterPlugin()) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name = folder.relativize(file).toString().replace(".class", "").replace('/', '.');
        TypeDescription type = pool.describe(name).resolve();
        if (plugin.matches(type)) {
          byte[] bytes =
              plugin
                  .apply(new ByteBuddy().redefine(type, locator), type, locator)
                  .make()
                  .getBytes();
          Files.write(file, bytes);
          woven++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return woven;
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
