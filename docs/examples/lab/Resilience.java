import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/**
 * Asks through a Java client, tells the lab what came of it, and fails when something is held against it.
 *
 * <pre>
 * understudy mock serve --scenario auth.invalid@qwen
 * java Resilience.java http://127.0.0.1:9090
 * </pre>
 */
class Resilience {
    static final HttpClient http = HttpClient.newHttpClient();

    static String control(String mock, String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(mock + "/_mock/" + path))
            .method(method, BodyPublishers.ofString(body)).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /** The client under test; yours goes here, a ChatClient of Spring AI for instance. */
    static String ask(String mock, String text) throws Exception {
        var body = "{\"model\":\"qwen-plus\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text);
        var request = HttpRequest.newBuilder(URI.create(mock + "/qwen/compatible-mode/v1/chat/completions"))
            .header("authorization", "Bearer sk-demo-qwen-2").POST(BodyPublishers.ofString(body)).build();
        var found = Pattern.compile("\"content\":\"([^\"]*)\"").matcher(http.send(request, BodyHandlers.ofString()).body());
        return found.find() ? found.group(1) : "";
    }

    public static void main(String[] args) throws Exception {
        var mock = args.length > 0 ? args[0] : "http://127.0.0.1:9090";
        control(mock, "POST", "reset", "");
        for (int call = 1; call <= 5; call++) {
            var text = ask(mock, "Say the alphabet. [call:c" + call + "]");
            control(mock, "POST", "calls", "{\"id\":\"c%d\",\"outcome\":\"answered\",\"text\":\"%s\"}".formatted(call, text));
        }
        System.out.println(control(mock, "GET", "verdict?format=markdown", ""));
        if (!control(mock, "GET", "verdict", "").contains("\"passed\":true")) System.exit(1);
    }
}
