package demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The lab for JUnit 5: {@code @ExtendWith(Lab.Extension.class)}, and a test that asks for a {@code Lab} plays a scenario's calls
 * against a client and fails with the verdict. The mocked vendors are those of {@code understudy mock serve}, at UNDERSTUDY_MOCK
 * or http://127.0.0.1:9090.
 */
public final class Lab {
  /** Gives tests their lab. */
  public static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return new Lab(System.getenv().getOrDefault("UNDERSTUDY_MOCK", "http://127.0.0.1:9090"));
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  /** The base URLs of the vendors, for OpenAI-compatible clients. */
  public final String qwen, deepseek;

  private Lab(String url) {
    this.url = url;
    qwen = url + "/qwen/compatible-mode/v1";
    deepseek = url + "/deepseek";
  }

  /** Begins a scenario: a file, or a name of the library. It has keys and calls. */
  public JsonNode scenario(String scenario) throws IOException, InterruptedException {
    var file = Path.of(scenario);
    return JSON.readTree(control("PUT", "scenario", Files.isRegularFile(file) ? Files.readString(file) : scenario));
  }

  /** The first key of a vendor in a scenario. */
  public static String keyOf(JsonNode scenario, String vendor) {
    for (var key : scenario.get("keys")) if (key.get("vendor").asText().equals(vendor)) return key.get("value").asText();
    throw new IllegalArgumentException("the scenario has no key of " + vendor);
  }

  /** Makes the calls of a scenario that has begun, each at its time, and gives the verdict. */
  public JsonNode play(JsonNode scenario, UnaryOperator<String> answer) throws IOException, InterruptedException {
    // Callers do not wait for one another: a call that hangs holds up no other.
    var callers = Executors.newScheduledThreadPool(32);
    try {
      for (var call : scenario.get("calls")) {
        // The scenario's milliseconds; --speed makes them shorter than real ones.
        var at = (long) (call.get("at").asDouble() / scenario.get("speed").asDouble());
        callers.schedule(() -> call(call, answer), at, TimeUnit.MILLISECONDS);
      }
    } finally {
      callers.shutdown();
    }
    if (!callers.awaitTermination(10, TimeUnit.MINUTES)) callers.shutdownNow();
    return JSON.readTree(control("GET", "verdict", null));
  }

  /** Fails with what is held against the client, as the lab's report says it. */
  public void assertResilient(JsonNode verdict) throws IOException, InterruptedException {
    if (!verdict.get("passed").asBoolean()) Assertions.fail(control("GET", "verdict?format=markdown", null));
  }

  private Void call(JsonNode call, UnaryOperator<String> answer) throws IOException, InterruptedException {
    var told = JSON.createObjectNode().put("id", call.get("id").asText());
    var began = System.nanoTime();
    try {
      told.put("text", answer.apply(call.get("text").asText())).put("outcome", "answered");
    } catch (RuntimeException error) {
      told.put("outcome", "failed").set("error", JSON.valueToTree(Map.of("message", String.valueOf(error.getMessage()))));
    }
    control("POST", "calls", told.put("took", (System.nanoTime() - began) / 1e6).toString());
    return null;
  }

  private String control(String method, String path, String body) throws IOException, InterruptedException {
    var publisher = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
    var request = HttpRequest.newBuilder(URI.create(url + "/_mock/" + path)).method(method, publisher).build();
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() >= 400) throw new IOException("the lab refuses " + method + " " + path + ": " + response.body());
    return response.body();
  }
}
