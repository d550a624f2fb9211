import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorConfiguration;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.queryparser.classic.MultiFieldQueryParser;
import org.apache.lucene.queryparser.classic.QueryParser;

/** Runs Lucene Monitor on papers (title, abstract and keywords, with tabs between) and queries, one a line. */
public final class LuceneControl {
  private static final String[] FIELDS = {"title", "abstract", "keyword"};
  private static final int BATCH = 200;

  public static void main(String[] args) throws Exception {
    List<String> papers = Files.readAllLines(Path.of(args[0]));
    List<String> queries = Files.readAllLines(Path.of(args[1]));
    Analyzer analyzer = new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        StandardTokenizer tokens = new StandardTokenizer();
        TokenStream stream = new LowerCaseFilter(new ASCIIFoldingFilter(tokens));
        return new TokenStreamComponents(tokens, new EnglishMinimalStemFilter(stream));
      }
    };
    MultiFieldQueryParser parser = new MultiFieldQueryParser(FIELDS, analyzer);
    parser.setDefaultOperator(QueryParser.Operator.AND);
    try (Monitor monitor = new Monitor(analyzer, new TermFilteredPresearcher(), new MonitorConfiguration())) {
      long registerStart = cpuNanos();
      List<MonitorQuery> registered = new ArrayList<>();
      for (int at = 0; at < queries.size(); at += 1) {
        registered.add(new MonitorQuery(String.valueOf(at), parser.parse(queries.get(at))));
      }
      monitor.register(registered);
      System.out.printf("%,d queries registered in %.1f CPU-seconds%n", queries.size(), (cpuNanos() - registerStart) / 1e9);

      for (int batch : new int[] {1, BATCH}) {
        // The first papers warm up, and do not count.
        match(monitor, papers.subList(0, Math.min(100, papers.size())), batch);
        long start = cpuNanos();
        long matches = match(monitor, papers, batch);
        double seconds = (cpuNanos() - start) / 1e9;
        double rate = (double) queries.size() * papers.size() / seconds / 1e6;
        System.out.printf("batches of %d: %.2f M evaluations per CPU-second, %,d matches%n", batch, rate, matches);
      }
    }
  }

  private static long match(Monitor monitor, List<String> papers, int batch) throws Exception {
    long matches = 0;
    for (int from = 0; from < papers.size(); from += batch) {
      Document[] documents = papers.subList(from, Math.min(from + batch, papers.size())).stream()
          .map(LuceneControl::toDocument)
          .toArray(Document[]::new);
      var found = monitor.match(documents, QueryMatch.SIMPLE_MATCHER);
      for (int at = 0; at < documents.length; at += 1) matches += found.getMatchCount(at);
    }
    return matches;
  }

  private static Document toDocument(String line) {
    String[] texts = line.split("\t", -1);
    Document document = new Document();
    for (int at = 0; at < FIELDS.length; at += 1) {
      document.add(new TextField(FIELDS[at], texts[at], Field.Store.NO));
    }
    return document;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }
}
