package demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tickets over LangChain4j: without a fallback they are lost while Qwen is down, with one nobody notices. */
@ExtendWith(Lab.Extension.class)
class TicketsTest {
  private static final String SCENARIO = "../lab/qwen-down.yaml";

  private static ChatModel model(String baseUrl, String key, String name) {
    return OpenAiChatModel.builder().baseUrl(baseUrl).apiKey(key).modelName(name).maxRetries(0).build();
  }

  @Test
  void ticketsAreLostWithoutAFallback(Lab lab) throws Exception {
    var scenario = lab.scenario(SCENARIO);
    var qwen = model(lab.qwen, Lab.keyOf(scenario, "qwen"), "qwen-plus");
    assertTrue(lab.play(scenario, qwen::chat).get("findings").findValuesAsText("kind").contains("failed-while-healthy"));
  }

  @Test
  void nobodyNoticesWithAFallback(Lab lab) throws Exception {
    var scenario = lab.scenario(SCENARIO);
    lab.assertResilient(lab.play(scenario, withFallback(lab, scenario)));
  }

  private static UnaryOperator<String> withFallback(Lab lab, JsonNode scenario) {
    var qwen = model(lab.qwen, Lab.keyOf(scenario, "qwen"), "qwen-plus");
    var deepseek = model(lab.deepseek, Lab.keyOf(scenario, "deepseek"), "deepseek-flash");
    return ticket -> {
      try {
        return qwen.chat(ticket);
      } catch (RuntimeException down) {
        return deepseek.chat(ticket);
      }
    };
  }
}
