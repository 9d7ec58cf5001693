using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

public class PanelLink : IPlugin
{
    private static readonly Dictionary<string, string> Panels = new Dictionary<string, string>
    {
        { "lead", "leads" }, { "contact", "contacts" }, { "account", "accounts" }, { "opportunity", "opportunities" },
    };

    public void Execute(IServiceProvider services)
    {
        var context = (IPluginExecutionContext)services.GetService(typeof(IPluginExecutionContext));
        var factory = (IOrganizationServiceFactory)services.GetService(typeof(IOrganizationServiceFactory));
        var table = (string)context.InputParameters["Table"];
        var id = Guid.Parse((string)context.InputParameters["RecordId"]);
        if (!Panels.ContainsKey(table)) throw new InvalidPluginExecutionException("There is no panel for " + table);

        // As the user: whoever may not read the record gets no link, but an error.
        factory.CreateOrganizationService(context.InitiatingUserId).Retrieve(table, id, new ColumnSet(false));

        // As the system: reps have no right to read the table with the key.
        var query = new QueryExpression("new_chatpane") { ColumnSet = new ColumnSet("new_url", "new_key") };
        var settings = factory.CreateOrganizationService(null).RetrieveMultiple(query).Entities.First();
        var token = Token(context.InitiatingUserId.ToString(), Panels[table] + "/" + id, (string)settings["new_key"]);
        context.OutputParameters["url"] = settings["new_url"] + "/embed";
        context.OutputParameters["token"] = token;
    }

    public static string Token(string user, string opens, string key)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = "{\"sub\":\"" + user + "\",\"role\":\"rep\",\"opens\":\"" + opens + "\",\"iat\":" + now
            + ",\"exp\":" + (now + 120) + ",\"jti\":\"" + Guid.NewGuid() + "\"}";
        var signed = Base64Url("{\"alg\":\"HS256\"}") + "." + Base64Url(claims);
        using (var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(key)))
            return signed + "." + Base64Url(hmac.ComputeHash(Encoding.ASCII.GetBytes(signed)));
    }

    private static string Base64Url(string text) => Base64Url(Encoding.UTF8.GetBytes(text));

    private static string Base64Url(byte[] data) =>
        Convert.ToBase64String(data).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
